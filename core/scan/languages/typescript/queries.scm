; What only TypeScript has: types and enums.

(required_parameter pattern: (identifier) @name !type)
(optional_parameter pattern: (identifier) @name !type)
(required_parameter pattern: (identifier) @name type: (type_annotation (_) @type))
(optional_parameter pattern: (identifier) @name type: (type_annotation (_) @type))

(lexical_declaration
  (variable_declarator name: (identifier) @name type: (type_annotation (_) @type)))

; `import amqp = require("amqplib")`
(import_require_clause source: (string) @import)

(enum_declaration name: (identifier) @name body: (enum_body) @value)
