export { type Answered, addressOf, ask, type Unanswered } from './asking.ts'
export { mostAttempts, pauseMinutes } from './pauses.ts'
