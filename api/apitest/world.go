package apitest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"presage"
	"presage/internal/wording"
)

// World holds everything. Its methods are safe for concurrent use.
type World struct {
	mu        sync.Mutex
	saw       []string // customers whose conversation was read
	read      []string // cases that were read, and by whom
	now       time.Time
	rnd       *rand.Rand
	catalogue *presage.Catalogue

	vehicles  []presage.Vehicle // ascending by VIN
	customers map[string]presage.Customer
	devices   []presage.Device
	workshops []presage.Workshop
	depots    []presage.Depot
	prognoses map[presage.VIN][]presage.Prognosis
	rollups   map[presage.VIN][]presage.Rollup
	labels    map[presage.VIN][]presage.Label
	events    map[presage.VIN][]presage.Event
	cases     []presage.Case // newest first
	changes   map[string][]presage.CaseEvent
	bookings  []presage.Booking
	messages  []presage.Message // newest first
	replies   []presage.Reply
	talks     map[string]presage.Conversation // by customer
	advisers  []presage.Adviser
	coupons   []presage.Coupon // newest first

	subscriptions []presage.Subscription
	deliveries    []presage.Delivery // oldest first
	merged        []presage.Merge    // oldest first

	recalls   []presage.Recall
	rollouts  []presage.Rollout
	rescues   []presage.Rescue // newest first
	steps     map[string][]presage.RescueEvent
	outlooks  []presage.PartOutlook // by part and depot
	overrides []presage.DemandOverride
	waiting   []presage.Waiting // for an earlier time
	letters   []presage.DeadLetter
	commands  []presage.Command // by ID

	credentials map[presage.VIN]presage.Credential
	offers      map[string]*offer // by token
	bench       bench
	surveys     map[string]presage.Survey // by case
	taken       presage.Span              // when nothing is free

	// TextFaults are those of the operator's folder of texts.
	TextFaults []wording.Fault
	// Err is returned by every read when set: a store that is down.
	Err error
	// Puts counts the fleets that were stored.
	Puts int
	// Results are the workshop results that were recorded.
	Results []presage.WorkshopResult
	// Actions are what persons did with cases.
	Actions []presage.CaseAction
	// Moves are the visits that were moved on the board.
	Moves []presage.VisitMove
	// Held are the visits of dealers' systems on every board.
	Held      []presage.Stretch
	takenBack []presage.TakenBack
	// Stopped holds the tokens whose customers asked for silence.
	Stopped []string
	// Unsubscribed holds the tokens whose customers ended e-mails.
	Unsubscribed []string
}

// New makes a world of the given number of vehicles at the given time.
func New(vehicles int, now time.Time) *World {
	w := &World{
		now: now.UTC(), rnd: rand.New(rand.NewPCG(7, 11)), catalogue: Catalogue(),
		customers: map[string]presage.Customer{}, prognoses: map[presage.VIN][]presage.Prognosis{},
		rollups: map[presage.VIN][]presage.Rollup{}, labels: map[presage.VIN][]presage.Label{},
		events: map[presage.VIN][]presage.Event{}, changes: map[string][]presage.CaseEvent{},
		offers: map[string]*offer{}, bench: newBench(), surveys: map[string]presage.Survey{}, talks: map[string]presage.Conversation{}, credentials: map[presage.VIN]presage.Credential{},
	}
	w.places()
	for i := range vehicles {
		w.addVehicle(i)
	}
	slices.SortFunc(w.vehicles, func(a, b presage.Vehicle) int { return cmp.Compare(a.VIN, b.VIN) })
	w.addCases()
	w.addTalks()
	w.addCoupons()
	w.addDeliveries()
	w.addPlan()
	w.addLetters()
	return w
}

// Now is the world's time.
func (w *World) Now() time.Time { return w.now }

// VIN makes a valid VIN with the number at its end.
func VIN(n int) presage.VIN {
	s := fmt.Sprintf("LPSVSED0%cR%07d", '0', n)
	return presage.VIN(s[:8] + string(presage.VINCheckDigit(s)) + s[9:])
}

// find is the first row that is meant; ErrNotFound for none.
func find[T any](rows []T, what string, meant func(T) bool) (T, error) {
	if i := slices.IndexFunc(rows, meant); i >= 0 {
		return rows[i], nil
	}
	var none T
	return none, fmt.Errorf("%s: %w", what, presage.ErrNotFound)
}

// put takes a row in, in place of that with its ID, and keeps the list in the order of IDs.
func put[T any](rows *[]T, row T, id func(T) string) {
	*rows = slices.DeleteFunc(*rows, func(x T) bool { return id(x) == id(row) })
	*rows = append(*rows, row)
	slices.SortFunc(*rows, func(a, b T) int { return strings.Compare(id(a), id(b)) })
}

// remove takes the rows that are meant out of a list; ErrNotFound for none.
func remove[T any](rows *[]T, what string, meant func(T) bool) error {
	left := slices.DeleteFunc(slices.Clone(*rows), meant)
	if len(left) == len(*rows) {
		return fmt.Errorf("%s: %w", what, presage.ErrNotFound)
	}
	*rows = left
	return nil
}

func (w *World) places() {
	w.depots = []presage.Depot{
		{ID: "d-east", Name: presage.Text{ZH: "华东配件中心", EN: "East China depot"}, Region: "east"},
		{ID: "d-south", Name: presage.Text{ZH: "华南配件中心", EN: "South China depot"}, Region: "south"},
		{ID: "d-suzhou", Name: presage.Text{ZH: "苏州前置仓", EN: "Suzhou forward depot"}, Region: "east"},
	}
	for i, name := range []presage.Text{
		{ZH: "上海浦东服务中心", EN: "Shanghai Pudong service centre"},
		{ZH: "杭州滨江服务中心", EN: "Hangzhou Binjiang service centre"},
	} {
		id := fmt.Sprintf("w-%d", i+1)
		w.workshops = append(w.workshops, presage.Workshop{
			ID: id, Name: name, Zone: "Asia/Shanghai", DepotID: w.depots[i].ID, OpenHour: 8, CloseHour: 18,
			Address: presage.Text{ZH: "锦绣东路 2777 号", EN: "2777 Jinxiu East Road"},
			Phone:   presage.Phone(fmt.Sprintf("+86215555010%d", i)),
			Place:   &presage.Place{Lat: 31.2105 + 0.06*float64(i), Lon: 121.5533},
			Stays:   presage.Stays(),
			Bays:    presage.PlainBays(id+"-b1", id+"-b2", id+"-b3"),
			Technicians: []presage.Technician{
				{ID: id + "-t1", Name: "Chen Wei", Skills: []string{"hv"}}, {ID: id + "-t2", Name: "Li Na"},
			},
		})
	}
}

func (w *World) pick(n int) int { return w.rnd.IntN(n) }
