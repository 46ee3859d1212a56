/** The method by which Node's `console.log` and `util.inspect` print an object. */
export const inspectAs = Symbol.for("nodejs.util.inspect.custom");
