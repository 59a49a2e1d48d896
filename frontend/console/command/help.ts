/** The commands in words, for the sheet of keys, the completion line and `docs/reference/keys.md`. */

export interface CommandHelp {
  name: string;
  form: string;
  does: string;
}

export const COMMANDS: CommandHelp[] = [
  { name: 'a', form: '/a JR01 2041', does: 'offer a joint unit to an incident' },
  { name: 's', form: '/s JR01 scene', does: 'set a unit’s status (also without /s)' },
  { name: 'd', form: '/d JR01 reason', does: 'stand a unit down, or withdraw its open offer' },
  { name: 'v', form: '/v JR01 2041 reason', does: 'divert a unit' },
  { name: 'ok', form: '/ok JR01 [reason]', does: 'the crew accepts by voice; with a reason, declines' },
  { name: 'agree', form: '/agree JR01', does: 'agree to the other room’s offer' },
  { name: 'object', form: '/object JR01', does: 'object to it' },
  { name: 'b', form: '/b JR01 ambulance', does: 'back-up: patrol, ambulance, supervisor, fire' },
  { name: 'rel', form: '/rel JR01 police', does: 'release one service’s part of a unit' },
  { name: 'check', form: '/check JR01', does: 'whoever is alone on a unit is all right: you spoke to them' },
  { name: 'break', form: '/break JR01 22:30 [30] [place]', does: 'plan a crew’s break; /break JR01 cancel' },
  { name: 'cancel', form: '/cancel JR01 voice', does: 'cancel an emergency after voice contact' },
  { name: 'g', form: '/g 2041', does: 'go to an incident (also the number alone)' },
  { name: 'n', form: '/n', does: 'new incident' },
  { name: 'paste', form: '/paste', does: 'paste text from your own CAD into a draft' },
  { name: 'm', form: '/m 2041 2042 [different]', does: 'two references are the same incident, or not' },
  { name: 'part', form: '/part 2042 reason', does: 'take apart what was joined to the incident in hand' },
  { name: 'x', form: '/x 2041 text', does: 'share one line with the other room' },
  { name: 'share', form: '/share 2041', does: 'show the incident to the other room' },
  { name: 'card', form: '/card 2041', does: 'copy a card for your own CAD' },
  { name: 'script', form: '/script 2041', does: 'line to read out to the other room' },
  { name: 'r', form: '/r 2041 clinician', does: 'ask the other room' },
  { name: 'y', form: '/y 2041 yes 12', does: 'answer its request: yes, no, later; minutes' },
  { name: 'arrived', form: '/arrived 2041', does: 'the asked service has arrived' },
  { name: 'done', form: '/done 2041', does: 'the asked service is released' },
  { name: 'hz', form: '/hz 2041 weapon knife seen', does: 'record a hazard' },
  { name: 'safe', form: '/safe 2041', does: 'record the scene safe (police with the right)' },
  { name: 'i', form: '/i 2041 clinical: text', does: 'note; labels op:, clinical:, evidence:, identity:' },
  { name: 'grade', form: '/grade 2041 2', does: 'change your own grade or category' },
  { name: 'close', form: '/close 2041 reason', does: 'close' },
  { name: 'reopen', form: '/reopen 2041 reason', does: 'open again' },
  { name: 'glass', form: '/glass 2041 clinical reason', does: 'open restricted fields for 30 min (clinical, evidence, identity; both privacy officers are told); /glass close' },
  { name: 'on', form: '/on', does: 'book a crew on' },
  { name: 'off', form: '/off JR01', does: 'book a unit off: its duty ends' },
  { name: 'wait', form: '/wait JR01 place; reason', does: 'suggest where a unit without a job waits' },
  { name: 'state', form: '/state medway paused reason', does: 'state of a district (duty supervisor)' },
  { name: 'map', form: '/map', does: 'show or hide the map' },
  { name: 'handover', form: '/handover', does: 'handover sheet for the next dispatcher' },
  { name: 'wall', form: '/wall', does: 'wall board in a window of its own' },
  { name: 'settings', form: '/settings', does: 'size, colours, sounds, letters' },
  { name: 'strip', form: '/strip', does: 'the strip beside your own CAD, in a window of its own' },
  { name: 'print', form: '/print', does: 'print the state of now' },
  { name: 'help', form: '/help', does: 'this sheet' },
];
