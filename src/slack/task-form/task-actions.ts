/** Action ids of a task's buttons, wherever they are shown; the button's value is the task's key. */
export const openTaskActionId = 'open_task';
export const claimTaskActionId = 'claim_task';
/** Followed by `_2`, `_3` … if several are in one block. */
export const reassignTaskActionId = 'reassign_task';
