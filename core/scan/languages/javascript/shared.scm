; What JavaScript and TypeScript have in common.

(import_statement source: (string) @import)

((call_expression
  function: [(identifier) (import)] @_loader
  arguments: (arguments . (string) @import))
 (#any-of? @_loader "require" "import"))

(call_expression
  function: (identifier) @method
  arguments: (arguments) @arguments) @call

(call_expression
  function: (member_expression
    object: (_) @receiver
    property: (property_identifier) @method)
  arguments: (arguments) @arguments) @call

(new_expression
  constructor: (identifier) @method
  arguments: (arguments) @arguments) @call

(new_expression
  constructor: (member_expression
    object: (_) @receiver
    property: (property_identifier) @method)
  arguments: (arguments) @arguments) @call

; Only a `const` keeps its value.
(lexical_declaration
  kind: "const"
  (variable_declarator name: (identifier) @name value: (_) @value))

(lexical_declaration
  kind: "let"
  (variable_declarator name: (identifier) @name))

(variable_declaration
  (variable_declarator name: (identifier) @name))

(for_in_statement left: (identifier) @name)
(arrow_function parameter: (identifier) @name)
(catch_clause parameter: (identifier) @name)
(shorthand_property_identifier_pattern) @name
(pair_pattern value: (identifier) @name)
(array_pattern (identifier) @name)
(rest_pattern (identifier) @name)

[
  (statement_block)
  (class_body)
  (function_declaration)
  (function_expression)
  (generator_function)
  (generator_function_declaration)
  (arrow_function)
  (method_definition)
  (for_statement)
  (for_in_statement)
  (catch_clause)
] @scope

(comment) @comment
