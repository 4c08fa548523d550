package sqlstore_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// scenario is one promise of the store; all of them hold on both databases.
type scenario struct {
	name string
	run  func(t *testing.T, s *sqlstore.Store)
}

func scenarios() []scenario {
	return []scenario{
		{"vehicles: written, read, sought, paged", vehicles},
		{"vehicles: last seen moves forwards only", lastSeen},
		{"vehicles: filter by worst prognosis", vehiclesByStatus},
		{"customers: consent that is newer stands", customers},
		{"customers: what a person stopped no import opens", stoppedByPerson},
		{"customers: START gives back what STOP took", resumed},
		{"replies: the last of a customer", lastReply},
		{"suppressions: by number, whoever has it", suppressions},
		{"suppressions: follow a customer's word", stopsFollowConsent},
		{"suppressions: of an e-mail address", stopsOfEmail},
		{"notices: listed the newest first, page by page", noticeList},
		{"notices: each claimed once, and a day in figures", notices},
		{"changes: told to each who wants to know, in order", changesTold},
		{"changes: claimed once, given up, sent again", changesHeld},
		{"changes: receivers and their secrets", subscriptions},
		{"merges: two customers made one, and two again", mergedCustomers},
		{"coupons: redeemed once, void with their case, counted", coupons},
		{"coupons: no more in a month than the rule has, whoever issues them", couponsOfAMonth},
		{"coupons: one at a time for a customer, whoever issues them", couponsOfACustomer},
		{"devices: registered, moved, imported, removed", devices},
		{"devices: bounded for each customer", deviceBound},
		{"privacy: nothing of a customer is found after erasure", erased},
		{"privacy: what was agreed to, and when, can be proven", consentHistory},
		{"consent: a step changes what it names, and undoes no STOP", consentSteps},
		{"privacy: erasure waits for what goes on", erasureWaits},
		{"fleet: all rows or none", wholeFleet},
		{"webhooks: taken in once, by one", webhooksOnce},
		{"webhooks: a person's words are known for ever", repliesForEver},
		{"workshops, depots and settings", workshops},
		{"signal names: first sender, newest day", signalNames},
		{"dirty days: cleared unless marked again", dirtyDays},
		{"dead letters: kept, counted, driven again", deadLetters},
		{"dead letters: a repeat is counted", letterIdentity},
		{"dead letters: bounded by vehicle and in all", heldLetters},
		{"dead letters: large ones, and lists of them", largeLetters},
		{"dead letters: bounded without a vehicle, purged", heldOfNobody},
		{"credentials: issued, revoked, registering", credentials},
		{"vehicles: silent by their own interval", silent},
		{"logins: begun, ended, over; links used once", logins},
		{"accounts: made, changed, disabled with their logins", accounts},
		{"events: a repeat changes nothing", events},
		{"roll-ups: replaced by day", rollups},
		{"prognoses: present state, whole", prognoses},
		{"overview: the fleet in numbers, the urgent first", overview},
		{"recalls: whom makers ask in, and how far it is", recalls},
		{"roll-outs: a draft may be changed, a started one may not", rolloutStates},
		{"roll-outs: cars by version and range, in rings, with their answers", rolloutCars},
		{"roll-outs: two processes send each car one command", rolloutRace},
		{"cases: counted by route", routeFigures},
		{"rescues: steps with their case, one at a time for a car", rescues},
		{"rescues: two processes never take the same one", rescueRace},
		{"rescues: told to each who wants to know, with each state", rescuesTold},
		{"labels: with and without a measurement", labels},
		{"cases: one live case per vehicle", oneWaitingCase},
		{"cases: compare and set along CanBecome", caseMoves},
		{"cases: filters, pages and timers", caseLists},
		{"offers: one transaction with case and messages", offers},
		{"offers: hold their slots while they stand", heldSlots},
		{"messages: at most once per key", messageKeys},
		{"messages: claims are exclusive and safety goes first", claims},
		{"messages: a claim outlives its claimer", crashedClaim},
		{"messages: a customer's go one after the other", claimsInOrder},
		{"messages: what a customer was told last", lastTold},
		{"messages: receipts that come first are kept", earlyReceipts},
		{"messages: a receipt stands, lists and caps", messageStates},
		{"messages: what customers did about them", reactions},
		{"replies: numbered, newest first", replies},
		{"replies: of one customer", repliesOfCustomer},
		{"conversations: a queue by severity and deadline, one version after the other", conversations},
		{"conversations: answers that did not go out", lostAnswers},
		{"advisers: each name once, loads by owner", advisers},
		{"articles: the newest text, uses counted once", articles},
		{"reserve: bay, technician, parts, case, offer, message", reserve},
		{"reserve: all or nothing", reserveConflicts},
		{"reserve: days", reserveDays},
		{"reserve: no more a day than may be, in a race", dayBounds},
		{"parts: what visits lack", lackingParts},
		{"visits of which a part was replaced meanwhile", renewedSince},
		{"reserve: parts on order count when they arrive in time", reserveOnOrder},
		{"reserve: as many bookings as capacity in a race", reserveRace},
		{"move: the new visit or the old one", moveVisit},
		{"move: visits change places in a race", moveRace},
		{"sites: where vans go", sites},
		{"note: what a customer wants of the workshop", visitNote},
		{"replan: another bay, technician and pieces at the same time", replan},
		{"replan: while customers move and cancel", replanRace},
		{"reserve: a case that it opens", reserveNew},
		{"change of a workshop with its note", changeWorkshop},
		{"order: what a sale lacks, in whole packs", replenish},
		{"order: pieces that others wait for are not there", promisedOnOrder},
		{"order: losers of a race order nothing", orderRace},
		{"cancel: answers the offer in the same step", cancelAnswers},
		{"cancel: frees cells and parts", cancel},
		{"watch: states", watchStates},
		{"cases: amended", amendCase},
		{"bookings: moves", bookingMoves},
		{"finish: case done, parts used, label kept", finish},
		{"results: taken back, as if never reported", undone},
		{"results: taken back, the visit that they had cancelled is back", broughtBack},
		{"replan: a car that is there, for the rest of its time", replanArrived},
		{"fleet: a list keeps the blocks of the board", boardBlocks},
		{"results: corrected, with both versions", corrected},
		{"repairs: stages and ticks", repairStages},
		{"photos: kept once, shown, removed with a trace", photos},
		{"photos: bounded in a race", photosBounded},
		{"photos: given to their customer, and gone with them", photosForgotten},
		{"finish: a breakdown closes the case and frees its booking", breakdown},
		{"parts: orders arrive once, counts keep promises", orders},
		{"orders: placed, confirmed, received in parts, cancelled", orderLife},
		{"orders: an act is done once, whoever repeats it", orderActsOnce},
		{"orders: two processes receive the same pieces", receiveRace},
		{"orders: listed the newest first, page by page", orderLists},
		{"orders: what is proposed counts until it is placed or cancelled", proposedPieces},
		{"transfers: picked, on their way, received, missing", shipmentLife},
		{"transfers: what is proposed", proposedTransfers},
		{"transfers: whoever moves what at once, the ledger is what is on hand", shipmentRace},
		{"plans: what each week's said, and what it was worth", planWeeks},
		{"plans: what was decided about the advice, once, and what came of it", adviceDecisions},
		{"ledger: what was used and received since a moment", stockMoved},
		{"ledger: what is on hand is the sum of the movements, in every order of events", ledgerSums},
		{"ledger: two processes at one shelf", ledgerRace},
		{"ledger: what hands write, all or nothing", stockMoves},
		{"ledger: visits and counts write theirs", ledgerOfVisits},
		{"ledger: adds up whatever is done, in whatever order", ledgerOfEverything},
		{"parts: a snapshot does not move", snapshot},
		{"planning: the plan is replaced as a set, level by level", plans},
		{"planning: only what says something new is written", planChanges},
		{"planning: two processes at once leave one plan", planRace},
		{"planning: where the record of use begins", firstUse},
		{"planning: an override ends the one before", overrides},
		{"planning: an override is withdrawn once", withdrawals},
		{"planning: one override in force in a race", overrideRace},
		{"planning: laws wait for their score", archivedLaws},
		{"planning: scores are kept two years", scores},
		{"planning: a snapshot reads it at one moment", planningSnapshot},
		{"policies: one next version in a race", policyRace},
		{"planning parameters by version", planningParameters},
		{"who sells which parts", sourcing},
		{"orders and stock are told", planningTold},
		{"decisions: kept once, with their cases", decisionRecords},
		{"decisions: the offers that a customer was told of", offersTold},
		{"commands: in order per vehicle until they are done", commandOrder},
		{"commands: other processes notice them", newCommands},
		{"commands: the newest retained one alone", retainedCommand},
		{"commands: withdrawn before they are done", withdrawCommand},
		{"commands: bounded and purged", commandBounds},
		{"commands: bounded in a race", commandRace},
		{"leases: one holder at a time", leases},
		{"sessions: a client of a vehicle, bounded, expiring", mqttSessions},
		{"sessions: served by one node, the others learn it", mqttClaims},
		{"sessions: claimed by many at once, one holds it", claimedAtOnce},
	}
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	for _, sc := range scenarios() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			sc.run(t, sqltest.Open(t))
		})
	}
}

func TestReopenKeepsEverything(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a folder?", "50%#.db") // characters that mean something in a URI
	first := sqltest.OpenURL(t, "sqlite:"+path)
	must(t, first.PutSetting(t.Context(), "k", "v"))
	second := sqltest.OpenURL(t, path) // while the first is still open
	got, err := second.Setting(t.Context(), "k")
	must(t, err)
	same(t, "setting", got, "v")
	for _, s := range []*sqlstore.Store{second, first} {
		got, err = s.FirstSetting(t.Context(), "k", "late")
		must(t, err)
		same(t, "the setting that was first", got, "v")
	}
	got, err = second.FirstSetting(t.Context(), "new", "mine")
	must(t, err)
	same(t, "a setting of nobody before", got, "mine")
	must(t, second.PutSetting(t.Context(), "k", "w"))
	got, err = first.Setting(t.Context(), "k")
	must(t, err)
	same(t, "setting", got, "w")
	must(t, first.Ready(t.Context()))
}

// noon is an arbitrary whole hour; everything in these tests happens around it.
func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

func vin(i int) presage.VIN { return presage.VIN(fmt.Sprintf("WVWZZZ1KZAW%06d", i)) }

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func same(tb testing.TB, what string, got, want any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
