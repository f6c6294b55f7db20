import { automation } from '../../../kernel/actor.ts'

/** Whoever acts for a tracker. */
export const tender = automation('tickets.tend')
