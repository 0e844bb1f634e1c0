/** Literals of a judgement, declared here once. */

/** By which way it was given. `call_back`: asked by someone who did not handle it. */
export const judgementWays = ['link', 'page', 'paper', 'call_back'] as const
export type JudgementWay = (typeof judgementWays)[number]

/** 1 very dissatisfied to 5 very satisfied. */
export const satisfactions = [1, 2, 3, 4, 5] as const
export type Satisfaction = (typeof satisfactions)[number]

export const callBackStates = ['waiting', 'reached', 'not_reached', 'closed'] as const
export type CallBackState = (typeof callBackStates)[number]
