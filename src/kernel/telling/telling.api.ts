/** How often somebody is told of news; the database checks the same words. */
export const oftens = ['now', 'daily', 'weekly', 'never'] as const
export type Often = (typeof oftens)[number]
