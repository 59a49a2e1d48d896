/** Asking the other room and answering it by one key: the same for keys, buttons and bars. */

import { live } from '$shared/live.svelte';
import type { About, AnswerWord } from '$shared/types';
import { other } from '$shared/words';
import { answerable, askWords, type Ask } from './asking';
import { begin, perform } from './perform';
import { desk } from './state/desk.svelte';

const NAME = { come: 'come', eta: 'eta', release: 'leave', call: 'ring' } as const;

/** Ask at once; what the other room does not see yet is armed first, because asking shows it. */
export async function askRoom(incident: string, about: About): Promise<void> {
  const row = live.incidents.get(incident);
  if (!row) return;
  const theirs = other(live.viewer?.agency ?? 'police');
  const action = { do: 'ask', incident, about, words: '' } as const;
  if (row.visible_to.includes(theirs)) await perform(action);
  else desk.arm(action, `Enter shows ${row.number} to the ${theirs} room and asks: ${askWords({ about, words: '' })}`);
}

/** Answer the oldest thing that this room owes at an incident, or the one given. */
export async function answerRoom(incident: string, answer: AnswerWord, given: Ask | null = null): Promise<void> {
  const row = live.incidents.get(incident);
  const mine = live.viewer?.agency ?? 'police';
  const ask = given ?? (row && answerable(row, mine)[0]);
  if (!row || !ask) return desk.say('refused', `The ${other(mine)} room has asked nothing here that waits for an answer.`);
  const line = `/y ${row.number} ${NAME[ask.about]} ${answer} `;
  if (answer === 'no') return typed(line, `Type why not, then Enter: the ${ask.by} room reads it.`);
  const timed = ask.about === 'come' || ask.about === 'eta';
  if (answer === 'yes' && timed) return typed(line, 'Type the minutes until somebody is there, then Enter.');
  const said = { incident, answer, eta_min: null, reason: '' };
  if (ask.about === 'come') await perform({ do: 'answer', ...said });
  else if (ask.about === 'release' && answer === 'yes') desk.arm({ do: 'answer_question', about: 'release', ...said }, `Enter lets ${ask.by} leave ${row.number}`);
  else await perform({ do: 'answer_question', about: ask.about, ...said });
}

function typed(line: string, hint: string): void {
  begin(line);
  desk.say('plain', hint);
}
