package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
	"presage/internal/tsdb"
)

// backend is where a run of the story keeps its data.
type backend struct {
	args []string                                   // of serve
	rows func(tb testing.TB, vin presage.VIN) int64 // stored rows, once serve has ended
}

func embedded(tb testing.TB) backend {
	tb.Helper()
	dir := tb.TempDir()
	return backend{
		args: []string{"--data", dir},
		rows: func(tb testing.TB, vin presage.VIN) int64 {
			tb.Helper()
			store, err := tsdb.Open(dir+"/telemetry", tsdb.Options{})
			if err != nil {
				tb.Fatal(err)
			}
			defer store.Close()
			return measuredRows(tb, store, vin)
		},
	}
}

// scanner is any telemetry store.
type scanner interface {
	Scan(ctx context.Context, vin presage.VIN, from, to time.Time, signals ...string) iter.Seq2[presage.Sample, error]
}

// measuredRows counts the rows that hold something the vehicle measured; the
// service's own series of prognoses stands beside them.
func measuredRows(tb testing.TB, store scanner, vin presage.VIN) (n int64) {
	tb.Helper()
	for sample, err := range store.Scan(tb.Context(), vin, time.UnixMilli(1), time.Now().Add(time.Hour)) {
		if err != nil {
			tb.Fatal(err)
		}
		if slices.ContainsFunc(sample.Readings, func(r presage.Reading) bool {
			return strings.HasPrefix(r.Signal, "Vehicle.")
		}) {
			n++
		}
	}
	return n
}

// VINs with correct check digits (49 CFR 565.15 by hand), of no real vehicle.
var (
	realEV   = checked("LPSEV0000000000001")
	realSeat = checked("VSSZZZ5FZKR000001")
	wearing  = checked("LPSBEV000N0000042")
)

// phone is in China Mobile's range of numbers that nobody has (all zeros).
const phone = "+8613800000000"

// everybody lists what no log may hold in full: the VINs of these tests and the telephone number.
func everybody() []string {
	names := []string{strings.TrimPrefix(phone, "+86")}
	for _, vin := range []presage.VIN{realEV, realSeat, wearing} {
		names = append(names, string(vin))
	}
	for i := range 20 {
		names = append(names, string(car(i)))
	}
	return names
}

// car is the VIN of the i-th made-up vehicle.
func car(i int) presage.VIN { return checked(fmt.Sprintf("LPSCAR000N00%05d", 100+i)) }

// checked puts the right check digit into place 9.
func checked(v string) presage.VIN {
	v = (v + "00000000000000000")[:17]
	v = v[:8] + "0" + v[9:]
	return presage.VIN(v[:8] + string(presage.VINCheckDigit(v)) + v[9:])
}

// The whole loop over real sockets, by the program's own command line.
func TestTelemetryBecomesARepair(t *testing.T) {
	t.Parallel()
	story(t, embedded(t))
}

func story(t *testing.T, b backend) {
	t.Helper()
	s := serve(t, b.args...)
	replayReal(t, s)
	bookRepair(t, s)
	staysHealthy(t, s, realSeat) // by now everything is rolled up
	if err := s.stop(); err != nil {
		t.Fatalf("serve ended with %v", err)
	}
	// The slices' distinct instants are counted in testdata/*/PROVENANCE.md.
	for vin, want := range map[presage.VIN]int64{realEV: 539, realSeat: 601} {
		if got := b.rows(t, vin); got != want {
			t.Errorf("%s: %d rows stored, want %d", vin.Masked(), got, want)
		}
	}
}

// replayReal sends recordings of two real cars and waits for what is made of them.
func replayReal(t *testing.T, s *service) {
	t.Helper()
	// The slice of car 2 spans 92 days, the trip ten minutes.
	command(t, "replay", "--format", "ev-cloud", "--vin", string(realEV), "--broker", s.broker,
		"--start", time.Now().Add(-93*24*time.Hour).UTC().Format(time.RFC3339),
		"../../testdata/ev_faults/car2_summary.csv.gz", "../../testdata/ev_faults/car2_cells.csv.gz")
	command(t, "replay", "--format", "kit-obd", "--vin", string(realSeat), "--broker", s.broker,
		"--start", time.Now().Add(-time.Hour).UTC().Format(time.RFC3339),
		"../../testdata/obd_seat_leon/kit_obd_1hz.csv.gz")

	vehicle := until(s, "/v1/vehicles", "the replayed car is registered by its first message",
		func(v presage.Vehicle) bool { return v.VIN == realEV })
	if !vehicle.AutoRegistered {
		t.Error("a car that nobody registered counts as confirmed")
	}
	for _, p := range prognosed(s, realEV) {
		if f := p.FailWithin; !(0 <= f.D7 && f.D7 <= f.D30 && f.D30 <= f.D60 && f.D60 <= f.D90 && f.D90 <= 1) {
			t.Errorf("%s: probabilities out of order: %+v", p.Component, f)
		}
	}
	staysHealthy(t, s, realSeat)
}

// prognosed waits for the prognoses of vin.
func prognosed(s *service, vin presage.VIN) []presage.Prognosis {
	s.tb.Helper()
	until(s, "/v1/vehicles?q="+string(vin), "registered", func(v presage.Vehicle) bool { return v.VIN == vin })
	var health struct {
		Prognoses []presage.Prognosis `json:"prognoses"`
	}
	s.eventually("prognosed from real telemetry", func() bool {
		health.Prognoses = nil
		health = get[struct {
			Prognoses []presage.Prognosis `json:"prognoses"`
		}](s, "/v1/vehicles/"+string(vin)+"/health")
		return len(health.Prognoses) > 0
	}, func() string { return fmt.Sprintf("%+v", health) })
	return health.Prognoses
}

// staysHealthy wants no alarm on a car that has nothing.
func staysHealthy(t *testing.T, s *service, vin presage.VIN) {
	t.Helper()
	for _, p := range prognosed(s, vin) {
		if p.Status == presage.StatusDue || p.Status == presage.StatusWatch {
			t.Errorf("an alarm on a healthy car: %s is %s", p.Component, p.Status)
		}
	}
}

// command runs one command of the program to its end.
func command(t *testing.T, args ...string) string {
	t.Helper()
	out := newTerminal()
	if err := run(t.Context(), args, testEnv(), out, io.Discard); err != nil {
		t.Fatalf("presage %s: %v", strings.Join(args, " "), err)
	}
	return out.String()
}

// bookRepair follows one vehicle from measured wear to the workshop's finding.
func bookRepair(t *testing.T, s *service) {
	t.Helper()
	registerFleet(s)
	publishWear(t, s, wearing, time.Now(), "")

	c := until(s, "/v1/cases?vin="+string(wearing), "a case for the worn pads is offered",
		func(c presage.Case) bool { return c.State == presage.CaseOffered })
	again := printed(t, "outreach", "replay", "--url", s.url, "--case", c.ID)
	if !strings.Contains(again, "the same to the byte") || !strings.Contains(again, string(presage.BrakePadsFront)) {
		t.Errorf("the decision replayed: %s", again)
	}
	if len(c.Components) == 0 || c.Components[0] != presage.BrakePadsFront {
		t.Errorf("the case is about %v, want brake_pads_front first", c.Components)
	}
	m := until(s, "/v1/messages?case="+c.ID, "the offer is in the outbox",
		func(m presage.Message) bool { return m.State == presage.MessageSent && m.Link != "" })
	if m.Lang != presage.Chinese || !strings.Contains(m.Body, "刹车") && !strings.Contains(m.Body, "制动") {
		t.Errorf("the message to a Chinese customer reads: %s", m.Body)
	}
	before := padForecast(s)
	if before.Stock.Reserved != 0 {
		t.Errorf("%d pieces are reserved before anybody booked", before.Stock.Reserved)
	}

	b := openAndBook(t, s, m.Link, c.ID)
	after := waitForBooked(s)
	if after.Stock.Reserved == 0 {
		t.Error("the booking reserved no parts")
	}
	if predicted(after) >= predicted(before) {
		t.Errorf("predicted demand is %.3f after the booking and was %.3f before: known demand is not netted out",
			predicted(after), predicted(before))
	}
	finish(t, s, b)
}

func registerFleet(s *service) {
	s.tb.Helper()
	send[any](s, http.MethodPut, "/v1/fleet", map[string]any{
		"depots": []presage.Depot{{ID: "D1", Name: presage.Text{ZH: "上海仓", EN: "Shanghai"}, Region: "east"}},
		"workshops": []presage.Workshop{{
			ID: "W1", Name: presage.Text{ZH: "上海一店", EN: "Shanghai One"}, Zone: "Asia/Shanghai", DepotID: "D1",
			OpenHour: 8, CloseHour: 18, ClosedOn: []time.Weekday{}, Bays: presage.PlainBays("W1-B1"),
			Technicians: []presage.Technician{{ID: "W1-T1", Name: "Li", Skills: []string{"hv"}}},
		}},
		"customers": []map[string]any{{
			"id": "C1", "name": "王伟", "lang": "zh", "zone": "Asia/Shanghai", "phone": phone,
			"consent": map[string]any{"push": true, "sms": true, "call": true, "changed_at": time.Now(), "source": "contract"},
		}},
		"vehicles": []map[string]any{{
			"vin": wearing, "make": "Lingyun", "model": "E1", "model_year": 2023, "powertrain": "bev",
			"in_service": time.Now().AddDate(-3, 0, 0), "customer_id": "C1", "workshop_id": "W1",
		}},
		"stock": []presage.Stock{{DepotID: "D1", Part: padPart, OnHand: 4}},
	})
}

// padPart is the front pads' part number in the embedded catalogue.
const padPart = "BP-F-2041"

// publishWear drives 100 km and wears 0.6 % a day for 60 days until now, up to 94 %;
// extra are more members of each sample's signals. It returns how many samples there were.
func publishWear(t *testing.T, s *service, vin presage.VIN, now time.Time, extra string) int {
	t.Helper()
	car, err := mqtt.NewPublisher(t.Context(), mqtt.PublisherConfig{Broker: s.broker, VIN: vin})
	if err != nil {
		t.Fatal(err)
	}
	defer car.Close()
	const days, daily = 60, 4
	for day := range days {
		var samples []string
		for k := range daily {
			at := now.Add(-time.Duration(days-1-day)*24*time.Hour - time.Duration(daily-k)*10*time.Minute)
			wear := 58 + 0.6*float64(day) + 0.1*float64(k%2)
			samples = append(samples, fmt.Sprintf(`{"ts":%d,"signals":{%q:%d,%q:40,%q:%g,%q:%g%s}}`, at.UnixMilli(),
				presage.SignalOdometer, 60_000_000+100_000*day+1000*k, presage.SignalSpeed,
				presage.SignalPadFrontLeft, wear, presage.SignalPadFrontRight, wear-1, extra))
		}
		payload := `{"samples":[` + strings.Join(samples, ",") + `]}`
		if err := car.Publish(t.Context(), ingest.TelemetryTopic(vin), []byte(payload)); err != nil {
			t.Fatal(err)
		}
	}
	return days * daily
}

func padForecast(s *service) presage.PartForecast {
	s.tb.Helper()
	return until(s, "/v1/parts/forecast?part="+padPart+"&depot=D1", "the pads are forecast",
		func(f presage.PartForecast) bool { return predicted(f) > 0 })
}

func waitForBooked(s *service) presage.PartForecast {
	s.tb.Helper()
	return until(s, "/v1/parts/forecast?part="+padPart+"&depot=D1", "the booking is known demand",
		func(f presage.PartForecast) bool {
			for _, d := range f.Drivers {
				if d.Name == "booked" && d.Mean > 0 {
					return true
				}
			}
			return false
		})
}

func predicted(f presage.PartForecast) float64 {
	for _, d := range f.Drivers {
		if d.Name == "predicted" {
			return d.Mean
		}
	}
	return 0
}

// openAndBook is the customer: the link, the first of the times, the button.
func openAndBook(t *testing.T, s *service, link, caseID string) presage.Booking {
	t.Helper()
	page := fetchPage(t, link)
	pick := regexp.MustCompile(`class="pick"[^>]*href="[^"]*(\?slot=[^"#]+)`).FindStringSubmatch(page)
	if pick == nil {
		t.Fatalf("the booking page offers no time:\n%s", page)
	}
	page = fetchPage(t, link+pick[1])
	slot := regexp.MustCompile(`name="slot"[^>]*value="([^"]+)"`).FindStringSubmatch(page)
	if slot == nil {
		t.Fatalf("the booking page offers no slot:\n%s", page)
	}
	r, err := http.PostForm(link+"/book", url.Values{"slot": {slot[1]}})
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(r.Body)
	r.Body.Close()
	if r.StatusCode != http.StatusOK {
		t.Fatalf("booking the slot: %s\n%s", r.Status, body)
	}
	return until(s, "/v1/bookings?case="+caseID, "the booking is confirmed",
		func(b presage.Booking) bool {
			return b.State == presage.BookingConfirmed && b.BayID == "W1-B1" && b.TechnicianID == "W1-T1"
		})
}

func fetchPage(t *testing.T, link string) string {
	t.Helper()
	r, err := ask(link)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v:\n%s", r.Status, err, body)
	}
	return string(body)
}

// finish is the workshop: arrival, finding, the case closed and a label kept.
func finish(t *testing.T, s *service, b presage.Booking) {
	t.Helper()
	send[any](s, http.MethodPost, "/v1/bookings/"+b.ID+"/arrive", map[string]any{})
	measured := 93.0
	send[any](s, http.MethodPost, "/v1/results", presage.WorkshopResult{
		BookingID: b.ID, VIN: wearing, At: time.Now().UTC(), OdometerKm: 66_000,
		Findings: []presage.Finding{{
			Component: presage.BrakePadsFront, Outcome: presage.OutcomeConfirmed, Replaced: true, Measured: &measured,
		}},
		PartsUsed: b.Parts,
	})
	until(s, "/v1/cases?vin="+string(wearing), "the case is done",
		func(c presage.Case) bool { return c.ID == b.CaseID && c.State == presage.CaseDone })
	label := until(s, "/v1/vehicles/"+string(wearing)+"/labels", "the finding is a label",
		func(l presage.Label) bool { return l.BookingID == b.ID })
	if label.Outcome != presage.OutcomeConfirmed || !label.Replaced || label.Measured == nil || *label.Measured != measured {
		t.Errorf("label %+v, want confirmed, replaced, measured %g", label, measured)
	}
	padStock(s, 4-quantity(b.Parts))
}

// padStock waits until the plan knows that the used pieces are gone and nothing
// is reserved. A plan of before the booking reserves nothing either.
func padStock(s *service, onHand int) {
	s.tb.Helper()
	var last presage.Stock
	s.eventually("planned anew after the visit", func() bool {
		for _, f := range get[list[presage.PartForecast]](s, "/v1/parts/forecast?part="+padPart+"&depot=D1").Items {
			last = f.Stock
		}
		return last.Reserved == 0 && last.OnHand == onHand
	}, func() string { return fmt.Sprintf("%+v", last) })
}

func quantity(parts []presage.PartQuantity) int {
	n := 0
	for _, p := range parts {
		if p.Part == padPart {
			n += p.Quantity
		}
	}
	return n
}

// The version is what the API's description says it is.
func TestVersionIsPrinted(t *testing.T) {
	t.Parallel()
	if got := command(t, "version"); !strings.HasPrefix(got, "presage ") || !strings.Contains(got, "go1.") {
		t.Errorf("version printed %s", strconv.Quote(got))
	}
}
