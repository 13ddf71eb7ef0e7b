/**
 * What a writer of a value returns instead of the end, when the value has no text in the form of its field. Anything
 * below says the same of one entry of the value.
 */
export const REFUSED = -1;
