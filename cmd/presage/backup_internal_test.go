package main

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/tsdb"
)

// mustFail runs a command that must fail, and returns its error's text.
func mustFail(t *testing.T, kind error, args ...string) string {
	t.Helper()
	err := run(t.Context(), args, testEnv(), io.Discard, io.Discard)
	if err == nil || kind != nil && !errors.Is(err, kind) {
		t.Fatalf("presage %s: %v, want %v", strings.Join(args, " "), err, kind)
	}
	return err.Error()
}

// A backup of a service at work: what was acknowledged before it began is in
// it, bookings are whole, and the restored service goes on from there.
func TestBackupOfARunningService(t *testing.T) {
	t.Parallel()
	const key = testKey
	backups, data := filepath.Join(t.TempDir(), "backups"), t.TempDir()
	s := serve(t, "--data", data, "--set", "backup.dir="+backups)
	registerFleet(s)
	publishWear(t, s, wearing, time.Now(), "")
	c := until(s, "/v1/cases?vin="+string(wearing), "a case is offered",
		func(c presage.Case) bool { return c.State == presage.CaseOffered })
	m := until(s, "/v1/messages?case="+c.ID, "the offer is out",
		func(m presage.Message) bool { return m.State == presage.MessageSent && m.Link != "" })
	booked := openAndBook(t, s, m.Link, c.ID)

	d := &driver{vin: car(0), base: time.Now().Add(-20 * time.Hour).Truncate(time.Millisecond).UTC(), inFlight: 50}
	stop, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- d.drive(t.Context(), s.broker, stop) }()
	s.eventually("publishing", func() bool { return d.acked.Load() > 300 }, func() string { return "" })
	acked := int(d.acked.Load())
	out := command(t, "backup", "--url", s.url, "--key", key)
	t.Log(out)
	close(stop)
	if err := errors.Join(<-ended, s.stop()); err != nil {
		t.Fatal(err)
	}
	dir := regexp.MustCompile(`backup written: (\S+)`).FindStringSubmatch(out)
	if dir == nil || filepath.Dir(dir[1]) != backups {
		t.Fatalf("the backup is not below %s", backups)
	}
	if text := command(t, "backup", "--verify", dir[1]); !strings.Contains(text, "backup whole") {
		t.Errorf("--verify says: %s", text)
	}
	damaged(t, dir[1])

	restored := filepath.Join(t.TempDir(), "restored")
	command(t, "restore", dir[1], "--data", restored)
	if text := mustFail(t, presage.ErrConflict, "restore", dir[1], "--data", restored); !strings.Contains(text, "not empty") {
		t.Errorf("a second restore: %s", text)
	}
	checkDriven(t, restored, d, acked)
	s = serve(t, "--data", restored)
	until(s, "/v1/bookings?case="+c.ID, "the booking is there", func(b presage.Booking) bool {
		return b.ID == booked.ID && b.State == presage.BookingConfirmed && b.Start.Equal(booked.Start)
	})
	link, err := url.Parse(m.Link)
	if err != nil {
		t.Fatal(err)
	}
	// Signed before the backup: it opens only with the key that was backed up.
	if page := fetchPage(t, s.url+link.RequestURI()); !strings.Contains(page, "上海一店") {
		t.Error("the customer's link does not show the appointment")
	}
	finish(t, s, booked)
}

// checkDriven wants the first acked messages of d in the telemetry of a data directory.
func checkDriven(t *testing.T, dir string, d *driver, acked int) {
	t.Helper()
	store, err := tsdb.Open(filepath.Join(dir, "telemetry"), tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	n := 0
	for sample, err := range store.Scan(t.Context(), d.vin, d.base, time.Now(), presage.SignalOdometer, presage.SignalSpeed) {
		if err != nil {
			t.Fatal(err)
		}
		at, odometer, _ := d.sample(n)
		i := slices.IndexFunc(sample.Readings, func(r presage.Reading) bool { return r.Signal == presage.SignalOdometer })
		if !sample.Time.Equal(at) || i < 0 || len(sample.Readings) != 2 || sample.Readings[i].Value.Number != float64(odometer) {
			t.Errorf("sample %d is %v %v", n, sample.Time, sample.Readings)
			break // not Fatal: the store is not closed inside its own scan
		}
		n++
	}
	if n < acked*perMessage {
		t.Errorf("%d samples restored; %d were acknowledged before the backup", n, acked*perMessage)
	}
	t.Logf("%d samples restored, %d were acknowledged before the backup began", n, acked*perMessage)
}

// damaged changes one byte of the largest file in a copy of the backup, which must be noticed.
func damaged(t *testing.T, backup string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "damaged")
	if err := os.CopyFS(dir, os.DirFS(backup)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "presage.db")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "data")
	for _, args := range [][]string{{"backup", "--verify", dir}, {"restore", dir, "--data", target}} {
		if text := mustFail(t, presage.ErrInvalid, args...); !strings.Contains(text, "presage.db has another content") {
			t.Errorf("%v: %s", args, text)
		}
	}
	if _, err := os.Stat(filepath.Join(target, "presage.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a damaged file was restored: %v", err)
	}
}

// A stopped service, killed in the middle: its backup holds the broker's
// messages too, so that nothing acknowledged is missing after the restore.
func TestBackupOfAStoppedService(t *testing.T) {
	t.Parallel()
	data, dir := t.TempDir(), filepath.Join(t.TempDir(), "backup")
	addr := []string{"--addr", freeAddr(t), "--mqtt-addr", freeAddr(t), "--set", "ingest.linger=400ms"}
	program := startProcess(t, append(addr, "--data", data)...)
	if text := mustFail(t, presage.ErrConflict, "backup", dir, "--data", data); !strings.Contains(text, "--url") {
		t.Errorf("of a running one: %s", text)
	}
	d := &driver{vin: car(1), base: time.Now().Add(-20 * time.Hour).Truncate(time.Millisecond).UTC(), inFlight: 50}
	stop, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- d.drive(t.Context(), program.broker, stop) }()
	program.eventually("publishing", func() bool { return d.acked.Load() > 500 }, func() string { return "" })
	program.kill()
	t.Log(command(t, "backup", dir, "--data", data))
	restored := filepath.Join(t.TempDir(), "restored")
	command(t, "restore", dir, "--data", restored)
	// The car finds the restored service at the old address and goes on.
	program = startProcess(t, append(addr, "--data", restored)...)
	close(stop)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	awaitRollups(t, program.service, restored, &replays{cars: []*driver{d}}, d.total*perMessage)
	if err := program.stop(); err != nil {
		t.Fatal(err)
	}
	checkDriven(t, restored, d, d.total)
}

// What cannot be done is refused with how it can.
func TestBackupIsRefused(t *testing.T) {
	t.Parallel()
	s := serve(t, "--data", t.TempDir())
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"backup", "--url", s.url}, "backup.dir is not set"},
		{[]string{"backup", "--url", s.url, t.TempDir()}, "writes below its own backup.dir"},
		{[]string{"backup"}, "name a new folder"},
		{[]string{"backup", "--url", "http://" + freeAddr(t)}, "no service answers"},
		{[]string{"backup", "--verify", t.TempDir()}, "holds no manifest.json"},
		{[]string{"backup", t.TempDir() + "/b", "--data", t.TempDir() + "/none"}, "not found: data directory"},
	} {
		if text := mustFail(t, nil, c.args...); !strings.Contains(text, c.want) {
			t.Errorf("%v: %q, want it with %q", c.args, text, c.want)
		}
	}
	r, err := ask(s.url + "/v1/backup")
	if err != nil || r.StatusCode != http.StatusOK {
		t.Errorf("GET /v1/backup: %v, %v", r, err)
	}
	_ = r.Body.Close()
	broken := t.TempDir()
	if err := os.Mkdir(filepath.Join(broken, ".restoring"), 0o700); err != nil {
		t.Fatal(err)
	}
	if text := mustFail(t, presage.ErrConflict, "serve", "--addr", "127.0.0.1:0", "--data", broken); !strings.Contains(
		text, "interrupted") {
		t.Errorf("serve on half a restore: %s", text)
	}
}
