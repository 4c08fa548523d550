package notice_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
	"presage/internal/wording"
	"presage/outreach/mail"
	"presage/outreach/mail/mailtest"
	"presage/outreach/notice"
)

const staff, shop = "ops@norvik.example", "berlin@norvik.example"

type world struct {
	now    time.Time
	store  *sqlstore.Store
	server *mailtest.Server
	faults []notice.Fault
}

// open makes a process on the world's store.
func (w *world) open(t *testing.T, lang presage.Lang) *notice.Notifier {
	t.Helper()
	post, err := mail.NewMailer(w.server.Config(), func() time.Time { return w.now })
	must(t, err)
	book, err := wording.Open()
	must(t, err)
	return &notice.Notifier{
		Store: w.store, Post: post, Book: book, Staff: []presage.Email{staff}, Lang: lang, Digest: 7, Zone: time.UTC,
		Base: "https://service.example", Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
		Faults: func() []notice.Fault { return w.faults },
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T) *world {
	t.Helper()
	w := &world{
		now: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC), store: sqltest.Open(t), server: mailtest.New(t, mailtest.Options{}),
	}
	must(t, w.store.PutWorkshops(t.Context(), []presage.Workshop{{ID: "w1", Zone: "Europe/Berlin", Email: shop}, {ID: "w2", Zone: "UTC"}}))
	return w
}

// told lists who got what since the last look.
func (w *world) told(seen *int) (all []string) {
	for _, m := range w.server.Sent()[*seen:] {
		who, _, _ := strings.Cut(m.To, "@")
		all = append(all, who+": "+m.Header("Subject"))
	}
	*seen += len(all)
	slices.Sort(all)
	return all
}

// 06:00 UTC is 07:00 in Berlin: the workshop's hour has come, the staff's has not.
func TestOncePerDay(t *testing.T) {
	t.Parallel()
	w, seen := start(t), 0
	first, second := w.open(t, presage.English), w.open(t, presage.English)
	run := func(want ...string) {
		t.Helper()
		for _, n := range []*notice.Notifier{first, second, w.open(t, presage.English)} { // two processes, and a restart
			must(t, n.Run(t.Context()))
		}
		if got := w.told(&seen); !slices.Equal(got, want) {
			t.Errorf("%s: told %q, want %q", w.now, got, want)
		}
	}
	run("berlin: : figures of 2026-11-22")
	w.now = w.now.Add(time.Hour)
	run("ops: all workshops: figures of 2026-11-22")
	w.now = w.now.Add(16*time.Hour + 59*time.Minute) // 00:59 in Berlin
	run()
	w.now = w.now.Add(20 * time.Hour) // nobody ran at the hour: it is told later that day
	run("berlin: : figures of 2026-11-23", "ops: all workshops: figures of 2026-11-23")
}

// A day on which no process ran after the hour is told late, once, at most one day
// back, and to nobody who had no figures before.
func TestFiguresOfAMissedDayComeLate(t *testing.T) {
	t.Parallel()
	w, seen := start(t), 0
	first, second := w.open(t, presage.English), w.open(t, presage.English)
	run := func(day, hour int, want ...string) {
		t.Helper()
		w.now = time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC)
		for _, n := range []*notice.Notifier{first, second, w.open(t, presage.English)} {
			must(t, n.Run(t.Context()))
		}
		if got := w.told(&seen); !slices.Equal(got, want) {
			t.Errorf("%s: told %q, want %q", w.now, got, want)
		}
	}
	run(23, 8, "berlin: : figures of 2026-11-22", "ops: all workshops: figures of 2026-11-22")
	run(24, 5) // the last that ran on the 24th: it is 06:00 in Berlin
	run(25, 5, "berlin: : figures of 2026-11-23", "ops: all workshops: figures of 2026-11-23")
	run(25, 8, "berlin: : figures of 2026-11-24", "ops: all workshops: figures of 2026-11-24")
	must(t, w.store.PutWorkshops(t.Context(), []presage.Workshop{{ID: "w2", Zone: "UTC", Email: "w2@norvik.example"}}))
	run(28, 8, // of the 25th nobody is told any more, w2 is new
		"berlin: : figures of 2026-11-26", "berlin: : figures of 2026-11-27", "ops: all workshops: figures of 2026-11-26",
		"ops: all workshops: figures of 2026-11-27", "w2: : figures of 2026-11-27")
	run(28, 9)
}

// A mail server that is down loses nothing; one that may have it gets the same Message-ID.
func TestNoneIsLost(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.now = w.now.Add(-time.Hour) // before any digest
	w.faults = []notice.Fault{{Channel: presage.ChannelSMS, Reason: "HTTP 401"}, {Channel: presage.ChannelEmail, Reason: "535"}}
	busy := mailtest.Fault{At: mailtest.AtRecipient, Code: 451, Enhanced: [3]int{4, 7, 1}}
	w.server.Fail(busy, mailtest.Fault{At: mailtest.AtData, Lost: true})
	n := w.open(t, presage.Chinese)
	for range 4 {
		must(t, n.Run(t.Context()))
		w.now = w.now.Add(5 * time.Minute)
	}
	if sent, shown := w.server.Sent(), w.server.Shown(staff); len(sent) != 2 || len(shown) != 1 {
		t.Fatalf("accepted %d, shown %d, want 2 and 1", len(sent), len(shown))
	}
	m := w.server.Sent()[0]
	if m.Header("Subject") != "服务商拒绝我们的账户：短信" || !strings.Contains(m.Part("text/plain"), "HTTP 401") ||
		m.Header("List-Unsubscribe") != "" {
		t.Errorf("it is %s", m.Raw)
	}
	w.now = w.now.Add(40 * time.Minute) // another hour, in which it is still at fault: 06:00
	must(t, w.open(t, presage.Chinese).Run(t.Context()))
	count := 0
	for _, m := range w.server.Shown(staff) {
		if m.Header("Subject") == "服务商拒绝我们的账户：短信" {
			count++
		}
	}
	if count != 2 {
		t.Errorf("%d notices of the account in two hours, want 2", count)
	}
}

// A process that died with a claimed notice leaves it to the next.
func TestAClaimThatGrowsOldIsTakenOver(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.now = w.now.Add(-time.Hour)
	must(t, w.store.PutNotices(t.Context(), []presage.Notice{{
		ID: "n1", Kind: "late", To: staff, Lang: "en", Subject: "s", Text: "t", State: presage.NoticePlanned, NotBefore: w.now,
	}}))
	mine, err := w.store.ClaimNotices(t.Context(), w.now, w.now.Add(-5*time.Minute), 10)
	must(t, err)
	if len(mine) != 1 {
		t.Fatalf("claimed %d", len(mine))
	}
	n := w.open(t, presage.English)
	must(t, n.Run(t.Context()))
	if len(w.server.Sent()) != 0 {
		t.Fatal("two processes send one notice")
	}
	w.now = w.now.Add(6 * time.Minute)
	must(t, n.Run(t.Context()))
	must(t, n.Run(t.Context()))
	if len(w.server.Sent()) != 1 {
		t.Errorf("sent %d times, want once", len(w.server.Sent()))
	}
}

// A safety case that a person has to act on, and a customer who waits too long,
// are told to the workshop and to the staff, once.
func TestWhatWaitsForAPerson(t *testing.T) {
	t.Parallel()
	w, seen := start(t), 0
	w.now = w.now.Add(-time.Hour)
	for i, severity := range []presage.Severity{presage.Safety, presage.Mobility} {
		id := string(rune('a' + i))
		must(t, w.store.CreateCase(t.Context(), presage.Case{
			ID: id, VIN: presage.VIN("LSVAA4182E210000" + string(rune('0'+i))), WorkshopID: "w1", Severity: severity,
			State: presage.CaseEscalated, OpenedAt: w.now, UpdatedAt: w.now, DueAt: w.now.Add(time.Hour),
		}, presage.CaseEvent{CaseID: id, At: w.now, To: presage.CaseEscalated}))
	}
	n := w.open(t, presage.English)
	must(t, n.Run(t.Context()))
	must(t, w.open(t, presage.English).Run(t.Context()))
	want := []string{"berlin: A safety case needs a person: car", "ops: A safety case needs a person: car"}
	if got := w.told(&seen); !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
	for id, owner := range map[string]string{"anna": presage.OwnerManager, "ben": "mia"} { // Ben's time is not over
		must(t, w.store.PutFleet(t.Context(), presage.Fleet{Customers: []presage.Customer{{ID: id, Name: id, Zone: "UTC"}}}))
		must(t, w.store.PutConversation(t.Context(), presage.Conversation{
			CustomerID: id, WorkshopID: "w1", State: presage.ConversationOpen, Owner: owner, Severity: presage.Mobility,
			Since: w.now.Add(-4 * time.Hour), DueAt: w.now, UpdatedAt: w.now,
		}))
	}
	must(t, n.Run(t.Context()))
	must(t, w.open(t, presage.English).Run(t.Context()))
	const waited = "A customer has waited too long for an answer"
	if got := w.told(&seen); !slices.Equal(got, []string{"berlin: " + waited, "ops: " + waited}) {
		t.Errorf("told %q of conversations", got)
	}
	if said := w.server.Sent()[seen-1].Part("text/plain"); !strings.Contains(said, "since 2026-11-23 01:00 UTC") {
		t.Errorf("it says %s", said)
	}
}

// The partner that is asked to fetch a car is told at once, and of what is late; each once.
func TestARescueIsToldToItsPartner(t *testing.T) {
	t.Parallel()
	w, seen := start(t), 0
	w.now = w.now.Add(-time.Hour)
	r := presage.Rescue{
		ID: "r1", CaseID: "c1", VIN: "LSVAA4182E2100001", WorkshopID: "w1", State: presage.RescueAsked,
		Owner: presage.OwnerAdviser, OpenedAt: w.now, UpdatedAt: w.now,
	}
	must(t, w.store.CreateRescue(t.Context(), r, presage.RescueEvent{At: w.now, To: r.State}))
	run := func(want ...string) {
		t.Helper()
		for range 2 {
			must(t, w.open(t, presage.English).Run(t.Context()))
		}
		if got := w.told(&seen); !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
	}
	run("berlin: Roadside rescue asked for: car", "ops: Roadside rescue asked for: car")
	late := r
	late.Owner, late.UpdatedAt = presage.OwnerManager, w.now.Add(15*time.Minute)
	must(t, w.store.MoveRescue(t.Context(), presage.RescueMove{
		Rescue: late, Seen: r.State, SeenAt: r.UpdatedAt, Event: presage.RescueEvent{At: late.UpdatedAt, To: r.State},
	}))
	run("berlin: A roadside rescue is late: car", "ops: A roadside rescue is late: car")
}
