export { type Erasure, listErasures } from './erasures.store.ts'
export { eraseAgain, readErasures, writeErasures } from './erasures.ts'
export {
  copyOfMyData,
  correctMyself,
  deleteMyself,
  type Held,
  heldAboutMe,
  myself,
  peopleData,
  whoLooked,
} from './people.data.ts'
export {
  mailPurpose,
  type NewPerson,
  nameAtWork,
  ownPhone,
  personForUser,
  phoneIndexPurpose,
  phonePurpose,
  whereToWrite,
} from './people.store.ts'
export { tellSecurityChange } from './people.told.ts'
