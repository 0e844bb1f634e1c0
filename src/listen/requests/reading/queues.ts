/** Names of this room's queues; their handlers stand in requests.jobs.ts. */
export const timerQueue = 'request.timer'
export const noticeQueue = 'request.notice'
export const linkQueue = 'request.link'
export const askQueue = 'request.ask-judgement'
export const nightlyQueue = 'request.nightly-check'
