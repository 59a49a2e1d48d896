/** A made-up scheme for work on the screens; the real one comes from the blueprint. */

const status = (id, word, police_code, police_word, ambulance_word, follows, on_incident, amber_s = null, red_s = null) => ({
  id, word, police_code, police_word, ambulance_word, follows, on_incident, available: id === 'available', divertible: ['mobile', 'assigned'].includes(id), amber_s, red_s,
});

export const SCHEME = {
  name: 'north_kent',
  title: 'JRU north Kent',
  version: '1',
  time_zone: 'Europe/London',
  synthetic: true,
  partners: {
    police: {
      name: 'Kent Police', short_name: 'Police', aftercare: [], talkgroup: 'KP NORTH 1', direct_line: '01632 960101',
      grades: [['1', 'Immediate', 1], ['2', 'Priority', 2], ['3', 'Scheduled', 3], ['4', 'Resolve', 4]].map(([code, name, urgency]) => ({ code, name, urgency })),
    },
    ambulance: {
      name: 'South East Coast Ambulance Service', short_name: 'Ambulance', aftercare: [], talkgroup: 'SECAMB K2', direct_line: '01632 960202',
      grades: [['C1', 'Life threatening', 1], ['C2', 'Emergency', 2], ['C3', 'Urgent', 3], ['C4', 'Less urgent', 4], ['C5', 'Advice', 5]].map(([code, name, urgency]) => ({ code, name, urgency })),
    },
  },
  briefing: [{ district: null, heading: 'information', text: 'Both services answer together.', assumed: true }],
  types: [
    ['assault_injury', 'Assault with injury', 'violence', 5], ['fight', 'Fight', 'violence', 3], ['drunk_incapable', 'Drunk and incapable', 'alcohol', 4],
    ['mental_health_crisis', 'Mental health crisis', 'mental health', 4.5], ['domestic_abuse_injury', 'Domestic abuse with injury', 'violence', 4.5],
    ['rtc_injury', 'Road collision with injury', 'collision', 4], ['welfare_concern', 'Concern for welfare', 'welfare', 3], ['overdose_self_harm', 'Overdose or self-harm', 'mental health', 4],
    ['collapse_behind_door', 'Collapse behind a locked door', 'medical', 4], ['fall', 'Fall', 'medical', 1], ['breathing_chest_pain', 'Breathing difficulty or chest pain', 'medical', 1],
    ['public_order', 'Public order', 'disorder', 2],
  ].map(([id, name, coarse, score]) => ({ id, name, coarse, score })),
  hazards: [
    ['weapon', 'Knife or other weapon', true], ['firearm', 'Firearm', true], ['cbrn', 'Chemical or corrosive substance', true], ['hostage', 'Hostage or siege', true],
    ['dog', 'Dangerous dog', false], ['infection', 'Infection risk', false], ['violence_marker', 'Violence marker', false], ['crowd', 'Hostile crowd', false], ['live_traffic', 'Moving traffic', false],
  ].map(([code, name, holds]) => ({ code, name, holds })),
  flags: { other_service_asked: 'Other service asked for', injury: 'Someone is injured', unconscious: 'Someone is unconscious', behind_door: 'No answer behind a locked door', violence: 'Violence used or threatened', suspect_present: 'Suspect still there' },
  qualifications: { response_driver: 'Response driver, in date', personal_safety: 'Personal safety training, in date', jru_course: 'Joint response unit course', paramedic_registration: 'Registered paramedic' },
  vehicles: [['JR01', 'base_medway'], ['JR02', 'base_north_kent']].map(([id, base]) => ({ id, call_sign: id, base, kit: [{ id: 'police_kit', owner: 'police', items: ['Body armour', 'First aid kit'] }] })),
  crew_rules: {
    specials: [['police_driver', 'police', 'special_constable', ['response_driver', 'jru_course']], ['police_second', 'police', 'special_constable', ['personal_safety', 'jru_course']], ['paramedic', 'ambulance', 'paramedic', ['paramedic_registration', 'jru_course']]]
      .map(([seat, agency, role, qualifications]) => ({ seat, agency, roles: [role], qualifications })),
  },
  statuses: [
    status('off', 'Off duty', '11', 'off duty', 'off duty', ['readying'], false),
    status('readying', 'Readying', '1', 'on duty, not deployable', 'off road (vehicle check)', ['available', 'off'], false, 900, 1200),
    status('available', 'Available', '2', 'on patrol', 'clear, available', ['meal', 'off'], false),
    status('meal', 'Meal break', '4', 'refreshments', 'meal break', ['available'], false, 2700, 3600),
    status('assigned', 'Assigned', '15', 'message received', 'allocated', ['mobile', 'available'], true, 60, 120),
    status('mobile', 'Mobile', '5', 'en route', 'mobile', ['scene', 'rvp', 'available'], true, 1200, 2400),
    status('rvp', 'At rendezvous', '5', 'en route, at rendezvous', 'at rendezvous point', ['scene', 'clearing'], true, 600, 1200),
    status('scene', 'At scene', '6', 'at scene', 'at scene', ['patient', 'clearing', 'transport'], true, 2400, 4200),
    status('patient', 'At patient', '6', 'at scene', 'at patient', ['clearing', 'transport', 'handover'], true, 3000, 5400),
    status('transport', 'Transporting', '8', 'committed', 'left scene', ['destination'], true, 1800, 3600),
    status('destination', 'At destination', '8', 'committed', 'at hospital', ['handover', 'clearing'], true, 900, 1800),
    status('handover', 'Handing over', '8', 'committed', 'handover', ['clearing'], true, 900, 1800),
    status('clearing', 'Clearing', '7', 'committed, deployable', 'clear soon', ['available'], true, 600, 1200),
  ],
  districts: [['medway', 'Medway'], ['swale', 'Swale'], ['dartford', 'Dartford'], ['gravesham', 'Gravesham']].map(([id, name]) => ({ id, name, base: ['medway', 'swale'].includes(id) ? 'base_medway' : 'base_north_kent', crew_rule: 'specials', duty: { start: '18:00', end: '02:00' }, status: id === 'swale' ? 'exercise' : 'live', since: '2019-08-16T17:00:00Z', by: 'duty supervisor', reason: null })),
  closing_reasons: { resolved: 'Dealt with', duplicate: 'Reported twice', no_trace: 'Nothing found', handed_over: 'Handed to one service', cancelled: 'Caller cancelled' },
  decline_reasons: { not_ready: 'Not ready', committed: 'Already committed', unsafe: 'Not safe for this crew', not_joint: 'Not a joint job', end_of_duty: 'Duty ends too soon' },
  outcome_codes: {
    need: { dual: 'Both services', police_only: 'Police only', ambulance_only: 'Ambulance only', neither: 'Neither' },
    ended: { attended: 'Attended', stood_down: 'Stood down on the way', rvp_released: 'Held at RVP and released', not_found: 'Not found' },
    risk: { calm: 'calm', tense: 'tense', threats: 'threats', violence: 'violence' },
    context: { alcohol: 'Alcohol', drugs: 'Drugs', mental_health: 'Mental health', domestic_abuse: 'Domestic abuse', violence: 'Violence', child: 'Child' },
    disposal: { treated_left: 'Treated and left', conveyed: 'Conveyed', arrested: 'Arrested', refused: 'Refused help', referred: 'Referred on', died: 'Died' },
    conveyed_by: { jru: 'Joint unit', ambulance: 'Ambulance', police: 'Police', other: 'Other' },
  },
  sites: [
    ['medway_maritime', 'hospital', 'Medway Maritime Hospital', 0.541, 51.379], ['darent_valley', 'hospital', 'Darent Valley Hospital', 0.257, 51.434],
    ['base_medway', 'base', 'Medway base', 0.5205, 51.3845], ['rvp_gillingham', 'rvp', 'Gillingham Ice Bowl car park', 0.578, 51.363],
  ].map(([id, kind, name, lon, lat]) => ({ id, kind, name, lon, lat })),
  timers: { offer_timeout_s: 90, position_stale_s: 180 },
};
