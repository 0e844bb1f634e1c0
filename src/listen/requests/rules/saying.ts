/** What a resident will read says something: a full stop is no reason, and a tick no answer. */
const letters = /\p{Alphabetic}/gu

/** Whether a text says something. `says_something` in the database is the same bound, and a test holds the two together. */
export const saysSomething = (text: string | null | undefined): boolean => (text?.match(letters)?.length ?? 0) >= 2
