"""Who is let in where, written by hand: a route that is added needs a row, a role a column.

`+` let in, `-` forbidden, `0` no such record. The scene: an incident that both services know, the crew's unit on it,
and nothing else: no account, tablet, attachment or opening of restricted fields. Everybody comes with a token, which
has no account of its own. The documented account is a police one, and the documented attachment is evidence.
"""

COLUMNS = """
paramedic@ambulance special_constable@police constable@police
police_dispatcher@police ambulance_dispatcher@ambulance
clinical_desk@ambulance
duty_supervisor@police duty_supervisor@ambulance
clinical_lead@ambulance police_reviewer@police privacy_officer@police privacy_officer@ambulance
scheme_lead@police scheme_lead@ambulance duty_planner@police duty_planner@ambulance
specials_coordinator@police
fleet_lead@police fleet_lead@ambulance medicines_lead@ambulance
performance_analyst@police performance_analyst@ambulance inspector@police inspector@ambulance
system_administrator@police system_administrator@ambulance
"""

TABLE = """
getOwnAccount          --- -- - -- ---- ---- - --- ---- --
endOwnSession          --- -- - -- ---- ---- - --- ---- --
endOtherSessions       --- -- - -- ---- ---- - --- ---- --
changePassword         --- -- - -- ---- ---- - --- ---- --
askNewPasskey          --- -- - -- ---- ---- - --- ---- --
keepPasskey            --- -- - -- ---- ---- - --- ---- --
dropPasskey            --- -- - -- ---- ---- - --- ---- --
setPin                 --- -- - -- ---- ---- - --- ---- --
listAccounts           --- -- - -- ---- ---- - --- ---- ++
createAccount          --- -- - -- ---- ---- - --- ---- +-
disableAccount         --- -- - -- ---- ---- - --- ---- 00
enableAccount          --- -- - -- ---- ---- - --- ---- 00
employ                 --- -- - -- ---- ---- - --- ---- 00
resetAccount           --- -- - -- ---- ---- - --- ---- 00
endSessions            --- -- - -- ---- ---- - --- ---- 00
listTablets            --- -- - ++ ---- ---- - --- ---- ++
offerTablet            --- -- - ++ ---- ---- - --- ---- ++
endTablet              --- -- - 00 ---- ---- - --- ---- 00
getNotifications       +++ ++ + ++ ++++ ++++ + +++ ++++ ++
switchOnNotifications  +++ ++ - ++ ---- ---- - --- ---- --
switchOffNotifications +++ ++ + ++ ++++ ++++ + +++ ++++ ++
tryNotifications       +++ ++ + ++ ++++ ++++ + +++ ++++ ++
getScheme              +++ ++ + ++ ++++ ++++ + +++ ++++ ++
getOutboxKey           +++ ++ + ++ ++++ ++++ + +++ ++++ ++
findMissingTaps        +++ ++ + ++ ++++ ++++ + +++ ++++ ++
sendTaps               +++ ++ + ++ ++++ ++++ + +++ ++++ ++
sayPresence            --- ++ - -- ---- ---- - --- ---- --
getBoard               +++ ++ + ++ ++++ ++++ + +++ ++++ ++
getChanges             +++ ++ + ++ ++++ ++++ + +++ ++++ ++
getIncident            +++ ++ + ++ ++++ 0000 0 000 0000 00
getRecommendation      +++ ++ + ++ ++++ 0000 0 000 0000 00
getUnit                +++ ++ + ++ 00++ 0000 0 000 0000 00
findPlaces             +++ ++ + ++ ++++ ++++ + +++ ++++ ++
listQuarantine         --- ++ - ++ ---- ---- - --- ---- --
getMapLayer            +++ ++ + ++ ++++ ++++ + +++ ++++ ++
listDuties             --- -- - ++ ---- ++++ + --- ---- --
listVehicles           --- -- - ++ ---- ++-- - +++ ---- --
getStatistics          --- -- - ++ ++++ ++++ - --- ++++ --
listCodedIncidents     --- -- - -- ---- ---- - --- ++-- --
getAccessTable         +++ ++ + ++ ++++ ++++ + +++ ++++ ++
listAccesses           --- -- - -- --++ ---- - --- ---- --
exportPerson           --- -- - -- --++ ---- - --- ---- --
listCrossings          --- -- - -- --++ ---- - --- ---- --
takeCall               --- ++ - -- ---- ---- - --- ---- --
updateIncident         --- ++ - -- ---- ---- - --- ---- --
shareIncident          --- ++ - -- ---- ---- - --- ---- --
shareLine              +++ ++ - -- ---- ---- - --- ---- --
recordNote             +++ ++ + -- ---- ---- - --- ---- --
reportHazard           +++ ++ - -- ---- ---- - --- ---- --
clearHazard            +++ ++ - -- ---- ---- - --- ---- --
declareSceneSafe       -++ +- - -- ---- ---- - --- ---- --
requestOther           +++ ++ - -- ---- ---- - --- ---- --
answerRequest          --- ++ - -- ---- ---- - --- ---- --
askQuestion            --- ++ - -- ---- ---- - --- ---- --
answerQuestion         --- ++ - -- ---- ---- - --- ---- --
recordArrival          +++ ++ - -- ---- ---- - --- ---- --
recordRelease          +++ ++ - -- ---- ---- - --- ---- --
decideMatch            --- ++ - -- ---- ---- - --- ---- --
unmerge                --- ++ - -- ---- ---- - --- ---- --
reportResource         --- ++ - -- ---- ---- - --- ---- --
standDownResource      --- ++ - -- ---- ---- - --- ---- --
recordOutcome          +++ ++ - -- ---- ---- - --- ---- --
recordPerson           +++ ++ - -- ---- ---- - --- ---- --
reopenIncident         --- ++ - -- ---- ---- - --- ---- --
bookOn                 +++ ++ - -- ---- ---- - --- ---- --
setStatus              +++ ++ - -- ---- ---- - --- ---- --
reportPosition         +++ ++ - -- ---- ---- - --- ---- --
changeSeat             +++ ++ - -- ---- ---- - --- ---- --
checkIn                +++ ++ - -- ---- ---- - --- ---- --
planBreak              +++ ++ - -- ---- ---- - --- ---- --
cancelBreak            +++ ++ - -- ---- ---- - --- ---- --
offerUnit              --- ++ - -- ---- ---- - --- ---- --
answerOffer            +++ ++ - -- ---- ---- - --- ---- --
consentToOffer         --- ++ - -- ---- ---- - --- ---- --
withdrawOffer          --- ++ - -- ---- ---- - --- ---- --
selfAssign             +++ -- - -- ---- ---- - --- ---- --
divertUnit             --- ++ - -- ---- ---- - --- ---- --
standDownUnit          --- ++ - -- ---- ---- - --- ---- --
releaseAgency          +++ ++ - -- ---- ---- - --- ---- --
requestBackup          +++ ++ - -- ---- ---- - --- ---- --
raiseEmergency         +++ -- - -- ---- ---- - --- ---- --
cancelEmergency        --- ++ - ++ ---- ---- - --- ---- --
setDistrictState       --- -- - ++ ---- ++-- - --- ---- --
recordArrest           -++ -- - -- ---- ---- - --- ---- --
recordForce            -++ -- - -- ---- ---- - --- ---- --
recordDetentionStep    -++ -- - -- ---- ---- - --- ---- --
referenceSearch        -++ -- - -- ---- ---- - --- ---- --
referenceFootage       -++ -- - -- ---- ---- - --- ---- --
recordObservations     +-- -- - -- ---- ---- - --- ---- --
recordCare             +-- -- + -- ---- ---- - --- ---- --
concludeCare           +-- -- - -- ---- ---- - --- ---- --
makeReferral           +-- -- + -- ---- ---- - --- ---- --
describePerson         +++ ++ - -- ---- ---- - --- ---- --
withdrawRecord         +++ -- - -- ---- ---- - --- ---- --
joinPersons            +++ -- - -- ---- ---- - --- ---- --
shareFact              +++ ++ - -- ---- ---- - --- ---- --
reportSituation        +++ ++ - -- ---- ---- - --- ---- --
getPolicePart          -++ +- - +- -+-- ---- - --- ---- --
getClinicalPart        +-- -+ + -+ +--- ---- - --- ---- --
getHandover            +-- -+ + -+ +--- ---- - --- ---- --
getHandoverText        +-- -+ + -+ +--- ---- - --- ---- --
getRecordCodes         +++ ++ + ++ ++++ ++++ + +++ ++++ ++
addAttachment          -++ -- - -- ---- ---- - --- ---- --
getAttachment          000 00 0 00 00-- ---- - --- ---- --
breakGlass             +++ ++ + ++ ---- ---- - --- ---- --
closeGlass             000 00 0 00 ---- ---- - --- ---- --
reviewGlass            --- -- - -- --00 ---- - --- ---- --
listGlass              --- -- - -- --++ ---- - --- ---- --
getRetention           --- -- - -- --++ ---- - --- ---- --
placeHold              --- -- - -- --++ ---- - --- ---- --
releaseHold            --- -- - -- --++ ---- - --- ---- --
askErasure             --- -- - -- --++ ---- - --- ---- --
reviewContent          --- -- - -- --++ ---- - --- ---- --
runRetention           --- -- - -- --++ ---- - --- ---- --
getOwnRecord           +++ -- - -- ---- ---- - --- ---- --
confirmReady           +++ -- - -- ---- ---- - --- ---- --
fillSeat               +++ ++ - -- ---- ---- - --- ---- --
openOnView             +++ -- - -- ---- ---- - --- ---- --
suggestWait            --- ++ - -- ---- ---- - --- ---- --
answerWait             +++ -- - -- ---- ---- - --- ---- --
confirmBriefing        +++ -- - -- ---- ---- - --- ---- --
recordDebrief          +++ -- - -- ---- ---- - --- ---- --
receiveReport          --- ++ - -- ---- ---- - --- ---- --
closeIncident          --- ++ - -- ---- ---- - --- ---- --
bookOff                +++ ++ - -- ---- ---- - --- ---- --
"""

FOR_ALL = {
    "getSession": "tells the caller who they are",
    "signIn": "is how a session begins",
    "signOut": "ends the caller's own session",
    "streamBoard": "tells what getBoard and getChanges tell",
    "healthz": "tells that the server lives",
    "readyz": "tells whether its parts work",
    "metrics": "counts of the server, outside the interface: for the administrator, see test_pages",
}
"""Routes that need no row, and why."""
