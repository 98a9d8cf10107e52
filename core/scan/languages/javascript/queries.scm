; What only JavaScript has: parameters without types.

(formal_parameters (identifier) @name)
(assignment_pattern left: (identifier) @name)
