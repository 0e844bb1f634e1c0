/** What a key does to the request that is open or marked, beside the keys that every room has. */
export const requestKeys = { r: 'accept', d: 'dispatch', a: 'answer' } as const
