// The operations of this room that other rooms perform for somebody: chat obeys commands with them.
import {
  addNote,
  answerOfferOperation,
  assignRole,
  declareIncident,
  listIncidents,
  offerRoleOperation,
  readIncident,
  transitionIncident,
  updateIncident,
} from './incidents.contract.ts'
import { decideUpdate, draftUpdate, postUpdate, proposeUpdate, withdrawUpdate } from './updates.contract.ts'
import { addItem, mergeIncident, pinGraph, readImpact, stateImpact } from './work.contract.ts'

export const incidentOperations = {
  list: listIncidents,
  read: readIncident,
  declare: declareIncident,
  update: updateIncident,
  transition: transitionIncident,
  assignRole,
  offerRole: offerRoleOperation,
  answerOffer: answerOfferOperation,
  note: addNote,
  addItem,
  pinGraph,
  readImpact,
  stateImpact,
  merge: mergeIncident,
  draftUpdate,
  postUpdate,
  proposeUpdate,
  decideUpdate,
  withdrawUpdate,
} as const
