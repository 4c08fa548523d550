package gbt32960_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"presage/ingest"
	"presage/ingest/gbt32960"
	"presage/ingest/gbt32960/frame"
)

// Times that no clock shows once it is set: the frame becomes a letter, the
// terminal hears that it failed, nothing is stored, and the connection stays,
// for a terminal sets its clock over it.
func TestAClockThatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.login(vinA)
	thisYear := byte(now().In(frame.Beijing()).Year() - 2000)
	var want []string
	send := func(at [frame.TimeBytes]byte, reason string) {
		t.Helper()
		for _, command := range []frame.Command{frame.Realtime, frame.Reissue} {
			c.send(frame.Frame{
				Version: frame.V2016, Command: command, Flag: frame.IsCommand, VIN: string(vinA), Encryption: 1,
				Data: append(at[:], 0x04, 1, 0, 5, 0xFF, 0xFF),
			}.Append(nil))
			c.want(command, frame.Failed)
			want = append(want, reason)
		}
	}
	for _, at := range [][frame.TimeBytes]byte{
		{0, 1, 1, 8, 0, 5},                   // counts from 2000
		{0, 0, 0, 0, 0, 0},                   // never set at all
		{9, 12, 31, 23, 59, 59},              // before every terminal of the standard
		{thisYear, 13, 1, 8, 0, 5},           // no such month
		{thisYear, 0, 1, 8, 0, 5},            // nor this
		{thisYear, 2, 31, 8, 0, 5},           // no such day
		{thisYear, 1, 0, 8, 0, 5},            // nor this
		{thisYear, 1, 1, 24, 0, 5},           // no such hour
		{thisYear, 1, 1, 8, 60, 5},           // minute
		{thisYear, 1, 1, 8, 0, 60},           // second
		{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, // invalid
	} {
		send(at, ingest.ReasonMissingTime)
	}
	send(frame.Clock(now().AddDate(2, 0, 0)), ingest.ReasonFutureTime)
	send([frame.TimeBytes]byte{99, 12, 31, 0, 0, 0}, ingest.ReasonFutureTime)
	if got := w.memory.reasons(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("letters %v, want %v", got, want)
	}
	if n := len(w.memory.stored()); n != 0 {
		t.Errorf("%d samples are stored", n)
	}
	c.send(engineAt(vinA, 100)) // the clock is set
	c.want(frame.Realtime, frame.OK)
	if n := len(w.memory.stored()); n != 1 {
		t.Errorf("%d samples after the clock was set", n)
	}
}

// EMQX's JSON holds the same times.
func TestADocumentsClockThatIsWrong(t *testing.T) {
	t.Parallel()
	for _, at := range []string{
		`{"Year":0,"Month":1,"Day":1,"Hour":8,"Minute":0,"Second":5}`,
		`{"Year":26,"Month":2,"Day":31,"Hour":8,"Minute":0,"Second":5}`,
		`{"Year":26,"Month":13,"Day":1,"Hour":8,"Minute":0,"Second":5}`,
		`{"Year":26,"Month":1,"Day":1,"Hour":24,"Minute":0,"Second":5}`,
		`{"Year":-1,"Month":1,"Day":1,"Hour":8,"Minute":0,"Second":5}`,
	} {
		_, err := gbt32960.NewDecoder(nil).Decode(ingest.Message{
			Topic:    "gbt32960/" + string(vinA) + "/upstream/info",
			Payload:  []byte(`{"Cmd":2,"Vin":"` + string(vinA) + `","Data":{"Time":` + at + `,"Infos":[]}}`),
			Received: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC),
		})
		if err == nil || !strings.HasPrefix(err.Error(), ingest.ReasonMissingTime) {
			t.Errorf("%s: %v", at, err)
		}
	}
}
