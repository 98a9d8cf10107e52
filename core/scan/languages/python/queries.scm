; Imports, calls, names and scopes of Python.

(import_statement name: (dotted_name) @import)
(import_statement name: (aliased_import name: (dotted_name) @import))
(import_from_statement module_name: (dotted_name) @import)

(call
  function: (identifier) @method
  arguments: (argument_list) @arguments) @call

(call
  function: (attribute
    object: (_) @receiver
    attribute: (identifier) @method)
  arguments: (argument_list) @arguments) @call

(assignment left: (identifier) @name right: (_) @value)
(assignment left: (identifier) @name type: (type) @type)
(augmented_assignment left: (identifier) @name)
(pattern_list (identifier) @name)
(tuple_pattern (identifier) @name)
(for_statement left: (identifier) @name)
(for_in_clause left: (identifier) @name)
(named_expression name: (identifier) @name)
(as_pattern (_) @value alias: (as_pattern_target (identifier) @name))

(parameters (identifier) @name)
(lambda_parameters (identifier) @name)
(default_parameter name: (identifier) @name)
(typed_parameter (identifier) @name type: (type) @type)
(typed_default_parameter name: (identifier) @name type: (type) @type)

; The constants of a class: `Topics.ORDERS`.
(class_definition name: (identifier) @name body: (block) @value)

[
  (function_definition)
  (lambda)
  (list_comprehension)
  (set_comprehension)
  (dictionary_comprehension)
  (generator_expression)
] @scope

; The body only: the name of the class is visible around it.
(class_definition body: (block) @scope)

(comment) @comment
