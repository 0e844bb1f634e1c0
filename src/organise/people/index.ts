export { type NewPerson, personForUser } from './people.store.ts'
