/** `{ [name]: value }` to spread into an object, or nothing when there is no value: a member that is absent, not `undefined`. */
export const optional = <Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };
