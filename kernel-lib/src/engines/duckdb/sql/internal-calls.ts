// Functions that no user can call: what SQL's syntax needs and the protocol has no message for.

/** `aggregate FILTER (WHERE condition)`: the aggregate, then its condition. */
export const FILTER_CALL = "filter (where)";

/** `DATE '…'`, `TIMESTAMP '…'` and `INTERVAL '…'`: the text (an interval's length as a number), then the type. */
export const TYPED_LITERAL = "typed literal";

/** The grouping columns of SQL's PIVOT: all that nothing else in it names. */
export const REMAINING_COLUMNS = "remaining columns (pivot)";
