// How long somebody else's server is left alone after it failed, and for how long it is tried.

/** 1, 4, 16 and 64 minutes, then every two hours: seventeen attempts in 25 hours. */
export const pauseMinutes = (attempts: number): number => Math.min(4 ** (attempts - 1), 120)

/** After so many it is given up. */
export const mostAttempts = 17
