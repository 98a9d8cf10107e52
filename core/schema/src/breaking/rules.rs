//! The rules of buf 1.75, by name: in which categories they stand, what they ask for, and which check they run.

use super::Category::{self, Csr, File, Package, Wire, WireJson};
use super::Rule;
use super::checks::{defaults, deletions, enums, fields, files, messages, ranges, services, strings, types};
use super::pairs::{Annotations, Pairs};

/// What a rule runs.
pub(super) enum Check {
    /// A check of its own.
    All(fn(&Pairs<'_>, &mut Annotations)),
    /// The check that files keep the option of this name, with its default.
    Option(&'static str, &'static str),
}

/// A rule and its check.
pub(super) struct Entry {
    pub(super) rule: Rule,
    pub(super) check: Check,
}

const fn entry(
    name: &'static str,
    categories: &'static [Category],
    summary: &'static str,
    advice: &'static str,
    check: Check,
) -> Entry {
    Entry { rule: Rule { name, categories, summary, advice }, check }
}

impl Entry {
    pub(super) fn run(&self, pairs: &Pairs<'_>, out: &mut Annotations) {
        out.rule = self.rule.name;
        match self.check {
            Check::All(check) => check(pairs, out),
            Check::Option(name, default) => files::same_option(pairs, name, default, out),
        }
    }
}

/// What older names of rules stand for today. Two of them ask for nothing any more.
pub(super) fn replacements(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "FIELD_SAME_CTYPE" => &["FIELD_SAME_CPP_STRING_TYPE"],
        "FIELD_SAME_LABEL" => {
            &["FIELD_SAME_CARDINALITY", "FIELD_WIRE_COMPATIBLE_CARDINALITY", "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY"]
        }
        "FILE_SAME_JAVA_STRING_CHECK_UTF8" => &["FIELD_SAME_JAVA_UTF8_VALIDATION"],
        "FILE_SAME_PHP_GENERIC_SERVICES" | "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT" => &[],
        _ => return None,
    })
}

/// All rules, in the order of their names.
pub(super) static RULES: &[Entry] = &[
    entry(
        "ENUM_NO_DELETE",
        &[File, Csr],
        "An enum stays in its file.",
        "Mark it `deprecated` and keep it until nobody uses it.",
        Check::All(deletions::enumeration),
    ),
    entry(
        "ENUM_SAME_JSON_FORMAT",
        &[File, Package, WireJson, Csr],
        "An enum keeps its support for JSON.",
        "Set the feature on the declaration itself, so that its old behavior stays.",
        Check::All(enums::same_json_format),
    ),
    entry(
        "ENUM_SAME_TYPE",
        &[File, Package],
        "An enum stays open or stays closed.",
        "Set the feature on the declaration itself, so that its old behavior stays.",
        Check::All(enums::same_type),
    ),
    entry(
        "ENUM_VALUE_NO_DELETE",
        &[File, Package, Csr],
        "A value stays in its enum.",
        "Mark the value `deprecated` first; when nobody uses it, delete it and reserve both its number and its name.",
        Check::All(enums::value_no_delete),
    ),
    entry(
        "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
        &[WireJson, Csr],
        "A value leaves its enum only when its names are reserved.",
        "Mark the value `deprecated` first; when nobody uses it, delete it and reserve both its number and its name.",
        Check::All(enums::value_name_reserved),
    ),
    entry(
        "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
        &[WireJson, Wire, Csr],
        "A value leaves its enum only when its number is reserved.",
        "Mark the value `deprecated` first; when nobody uses it, delete it and reserve both its number and its name.",
        Check::All(enums::value_number_reserved),
    ),
    entry(
        "ENUM_VALUE_SAME_NAME",
        &[File, Package, WireJson, Csr],
        "A value of an enum keeps its names.",
        "Keep the old name and add the new one for the same number, with `allow_alias`.",
        Check::All(enums::value_same_name),
    ),
    entry(
        "EXTENSION_MESSAGE_NO_DELETE",
        &[File, Package, Csr],
        "Numbers set aside for extensions stay so.",
        "Put the numbers and names back: old messages may still carry them.",
        Check::All(ranges::extension_message),
    ),
    entry(
        "EXTENSION_NO_DELETE",
        &[File],
        "An extension stays in its file.",
        "Mark it `deprecated` and keep it until nobody uses it.",
        Check::All(deletions::extension),
    ),
    entry(
        "FIELD_NO_DELETE",
        &[File, Package, Csr],
        "A field stays in its message.",
        "Mark the field `deprecated` first; when nobody uses it, delete it and reserve both its number and its name.",
        Check::All(messages::field_no_delete),
    ),
    entry(
        "FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
        &[WireJson, Csr],
        "A field leaves its message only when its name is reserved.",
        "Mark the field `deprecated` first; when nobody uses it, delete it and reserve both its number and its name.",
        Check::All(messages::field_name_reserved),
    ),
    entry(
        "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
        &[WireJson, Wire, Csr],
        "A field leaves its message only when its number is reserved.",
        "Mark the field `deprecated` first; when nobody uses it, delete it and reserve both its number and its name.",
        Check::All(messages::field_number_reserved),
    ),
    entry(
        "FIELD_SAME_CARDINALITY",
        &[File, Package],
        "A field stays optional, required, repeated or a map, with the same kind of presence.",
        "Add a field with a new number, write both for a while, and deprecate this one.",
        Check::All(fields::same_cardinality),
    ),
    entry(
        "FIELD_SAME_CPP_STRING_TYPE",
        &[File, Package],
        "A field keeps its string type in C++.",
        "Add a field with a new number, write both for a while, and deprecate this one.",
        Check::All(strings::same_cpp_string_type),
    ),
    entry(
        "FIELD_SAME_DEFAULT",
        &[File, Package, WireJson, Wire, Csr],
        "A field keeps its default value.",
        "Add a field with a new number, write both for a while, and deprecate this one.",
        Check::All(defaults::same),
    ),
    entry(
        "FIELD_SAME_JAVA_UTF8_VALIDATION",
        &[File, Package],
        "A field keeps its check for UTF-8 in Java.",
        "Add a field with a new number, write both for a while, and deprecate this one.",
        Check::All(strings::same_java_utf8_validation),
    ),
    entry(
        "FIELD_SAME_JSON_NAME",
        &[File, Package, WireJson, Csr],
        "A field keeps its name in JSON.",
        "Keep the old name, in JSON with `json_name`, or add a field with a new number and deprecate this one.",
        Check::All(fields::same_json_name),
    ),
    entry(
        "FIELD_SAME_JSTYPE",
        &[File, Package],
        "A 64-bit field keeps its type in JavaScript.",
        "Add a field with a new number, write both for a while, and deprecate this one.",
        Check::All(fields::same_jstype),
    ),
    entry(
        "FIELD_SAME_NAME",
        &[File, Package, WireJson, Csr],
        "A field keeps its name.",
        "Keep the old name, in JSON with `json_name`, or add a field with a new number and deprecate this one.",
        Check::All(fields::same_name),
    ),
    entry(
        "FIELD_SAME_ONEOF",
        &[File, Package, WireJson, Wire, Csr],
        "A field stays in its oneof, or outside of any.",
        "Leave the field where it is and add a field with a new number.",
        Check::All(fields::same_oneof),
    ),
    entry(
        "FIELD_SAME_TYPE",
        &[File, Package, Csr],
        "A field keeps its type.",
        "Add a field with a new number, write both for a while, and deprecate this one.",
        Check::All(types::same),
    ),
    entry(
        "FIELD_SAME_UTF8_VALIDATION",
        &[File, Package],
        "A string keeps its check for UTF-8.",
        "Add a field with a new number, write both for a while, and deprecate this one.",
        Check::All(strings::same_utf8_validation),
    ),
    entry(
        "FIELD_WIRE_COMPATIBLE_CARDINALITY",
        &[Wire],
        "A field occurs as often as its form on the wire allows.",
        "Add a field with a new number, write both for a while, and deprecate this one.",
        Check::All(fields::wire_cardinality),
    ),
    entry(
        "FIELD_WIRE_COMPATIBLE_TYPE",
        &[Wire],
        "A field keeps a type that is written the same way on the wire.",
        "Add a field with a new number, write both for a while, and deprecate this one.",
        Check::All(types::wire),
    ),
    entry(
        "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        &[WireJson, Csr],
        "A field occurs as often as its form on the wire and in JSON allows.",
        "Add a field with a new number, write both for a while, and deprecate this one.",
        Check::All(fields::wire_json_cardinality),
    ),
    entry(
        "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
        &[WireJson, Csr],
        "A field keeps a type that is written the same way on the wire and in JSON.",
        "Add a field with a new number, write both for a while, and deprecate this one.",
        Check::All(types::wire_json),
    ),
    entry(
        "FILE_NO_DELETE",
        &[File, Csr],
        "A file stays.",
        "Keep the file; it may import publicly the file its declarations moved to.",
        Check::All(files::no_delete),
    ),
    entry(
        "FILE_SAME_CC_ENABLE_ARENAS",
        &[File, Package],
        "A file keeps its option `cc_enable_arenas`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("cc_enable_arenas", "true"),
    ),
    entry(
        "FILE_SAME_CC_GENERIC_SERVICES",
        &[File, Package],
        "A file keeps its option `cc_generic_services`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("cc_generic_services", "false"),
    ),
    entry(
        "FILE_SAME_CSHARP_NAMESPACE",
        &[File, Package],
        "A file keeps its option `csharp_namespace`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("csharp_namespace", ""),
    ),
    entry(
        "FILE_SAME_GO_PACKAGE",
        &[File, Package],
        "A file keeps its option `go_package`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("go_package", ""),
    ),
    entry(
        "FILE_SAME_JAVA_GENERIC_SERVICES",
        &[File, Package],
        "A file keeps its option `java_generic_services`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("java_generic_services", "false"),
    ),
    entry(
        "FILE_SAME_JAVA_MULTIPLE_FILES",
        &[File, Package],
        "A file keeps its option `java_multiple_files`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("java_multiple_files", "false"),
    ),
    entry(
        "FILE_SAME_JAVA_OUTER_CLASSNAME",
        &[File, Package],
        "A file keeps its option `java_outer_classname`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("java_outer_classname", ""),
    ),
    entry(
        "FILE_SAME_JAVA_PACKAGE",
        &[File, Package],
        "A file keeps its option `java_package`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("java_package", ""),
    ),
    entry(
        "FILE_SAME_OBJC_CLASS_PREFIX",
        &[File, Package],
        "A file keeps its option `objc_class_prefix`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("objc_class_prefix", ""),
    ),
    entry(
        "FILE_SAME_OPTIMIZE_FOR",
        &[File, Package],
        "A file keeps its option `optimize_for`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("optimize_for", "SPEED"),
    ),
    entry(
        "FILE_SAME_PACKAGE",
        &[File, Package, WireJson, Wire, Csr],
        "A file keeps its package.",
        "Add the new package beside the old one and keep the old file until nobody imports it.",
        Check::All(files::same_package),
    ),
    entry(
        "FILE_SAME_PHP_CLASS_PREFIX",
        &[File, Package],
        "A file keeps its option `php_class_prefix`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("php_class_prefix", ""),
    ),
    entry(
        "FILE_SAME_PHP_METADATA_NAMESPACE",
        &[File, Package],
        "A file keeps its option `php_metadata_namespace`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("php_metadata_namespace", ""),
    ),
    entry(
        "FILE_SAME_PHP_NAMESPACE",
        &[File, Package],
        "A file keeps its option `php_namespace`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("php_namespace", ""),
    ),
    entry(
        "FILE_SAME_PY_GENERIC_SERVICES",
        &[File, Package],
        "A file keeps its option `py_generic_services`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("py_generic_services", "false"),
    ),
    entry(
        "FILE_SAME_RUBY_PACKAGE",
        &[File, Package],
        "A file keeps its option `ruby_package`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("ruby_package", ""),
    ),
    entry(
        "FILE_SAME_SWIFT_PREFIX",
        &[File, Package],
        "A file keeps its option `swift_prefix`.",
        "Keep the option as it was: generated code moves or changes with it. Change it in a new version of the \
        package.",
        Check::Option("swift_prefix", ""),
    ),
    entry(
        "FILE_SAME_SYNTAX",
        &[File, Package, Csr],
        "A file keeps its syntax.",
        "Set the features that keep the old behavior, or write the new syntax in a new version of the package.",
        Check::All(files::same_syntax),
    ),
    entry(
        "MESSAGE_NO_DELETE",
        &[File, Csr],
        "A message stays in its file.",
        "Mark it `deprecated` and keep it until nobody uses it.",
        Check::All(deletions::message),
    ),
    entry(
        "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",
        &[File, Package, Csr],
        "A message keeps the standard accessor of its descriptor.",
        "Leave the option unset.",
        Check::All(messages::standard_descriptor_accessor),
    ),
    entry(
        "MESSAGE_SAME_JSON_FORMAT",
        &[File, Package, WireJson, Csr],
        "A message keeps its support for JSON.",
        "Set the feature on the declaration itself, so that its old behavior stays.",
        Check::All(messages::same_json_format),
    ),
    entry(
        "MESSAGE_SAME_REQUIRED_FIELDS",
        &[File, Package, WireJson, Wire, Csr],
        "No field becomes required, and none stops being so.",
        "Add new fields as optional and check them in the application; leave required ones as they are.",
        Check::All(messages::same_required_fields),
    ),
    entry(
        "ONEOF_NO_DELETE",
        &[File, Package, Csr],
        "A oneof stays in its message.",
        "Keep the oneof and deprecate its fields.",
        Check::All(messages::oneof_no_delete),
    ),
    entry(
        "PACKAGE_ENUM_NO_DELETE",
        &[Package],
        "An enum stays in its package.",
        "Mark it `deprecated` and keep it until nobody uses it.",
        Check::All(deletions::package_enum),
    ),
    entry(
        "PACKAGE_EXTENSION_NO_DELETE",
        &[Package],
        "An extension stays in its package.",
        "Mark it `deprecated` and keep it until nobody uses it.",
        Check::All(deletions::package_extension),
    ),
    entry(
        "PACKAGE_MESSAGE_NO_DELETE",
        &[Package],
        "A message stays in its package.",
        "Mark it `deprecated` and keep it until nobody uses it.",
        Check::All(deletions::package_message),
    ),
    entry(
        "PACKAGE_NO_DELETE",
        &[Package],
        "A package stays.",
        "Keep the package until nobody uses it, and mark its files `deprecated`.",
        Check::All(deletions::package),
    ),
    entry(
        "PACKAGE_SERVICE_NO_DELETE",
        &[Package],
        "A service stays in its package.",
        "Mark it `deprecated` and keep it until nobody uses it.",
        Check::All(deletions::package_service),
    ),
    entry(
        "RESERVED_ENUM_NO_DELETE",
        &[File, Package, WireJson, Wire, Csr],
        "What an enum reserves stays reserved.",
        "Put the numbers and names back: old messages may still carry them.",
        Check::All(ranges::reserved_enum),
    ),
    entry(
        "RESERVED_MESSAGE_NO_DELETE",
        &[File, Package, WireJson, Wire, Csr],
        "What a message reserves stays reserved.",
        "Put the numbers and names back: old messages may still carry them.",
        Check::All(ranges::reserved_message),
    ),
    entry(
        "RPC_NO_DELETE",
        &[File, Package],
        "An RPC stays in its service.",
        "Mark the RPC `deprecated` and keep it until no client calls it.",
        Check::All(services::no_delete),
    ),
    entry(
        "RPC_SAME_CLIENT_STREAMING",
        &[File, Package, WireJson, Wire, Csr],
        "An RPC keeps whether its client streams.",
        "Add an RPC with another name and deprecate this one.",
        Check::All(services::same_client_streaming),
    ),
    entry(
        "RPC_SAME_IDEMPOTENCY_LEVEL",
        &[File, Package, WireJson, Wire, Csr],
        "An RPC keeps its idempotency level.",
        "Add an RPC with another name and deprecate this one.",
        Check::All(services::same_idempotency_level),
    ),
    entry(
        "RPC_SAME_REQUEST_TYPE",
        &[File, Package, WireJson, Wire, Csr],
        "An RPC keeps the type of its request.",
        "Add an RPC with another name and deprecate this one.",
        Check::All(services::same_request_type),
    ),
    entry(
        "RPC_SAME_RESPONSE_TYPE",
        &[File, Package, WireJson, Wire, Csr],
        "An RPC keeps the type of its response.",
        "Add an RPC with another name and deprecate this one.",
        Check::All(services::same_response_type),
    ),
    entry(
        "RPC_SAME_SERVER_STREAMING",
        &[File, Package, WireJson, Wire, Csr],
        "An RPC keeps whether its server streams.",
        "Add an RPC with another name and deprecate this one.",
        Check::All(services::same_server_streaming),
    ),
    entry(
        "SERVICE_NO_DELETE",
        &[File],
        "A service stays in its file.",
        "Mark it `deprecated` and keep it until nobody uses it.",
        Check::All(deletions::service),
    ),
];
