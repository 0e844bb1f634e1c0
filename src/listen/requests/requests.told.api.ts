/** Of what other software is told about released requests; the trigger of `publication` says the same words. */
export const publicKinds = ['request.released', 'request.changed', 'request.withdrawn'] as const
