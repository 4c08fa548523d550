package httpdoor_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"presage"
	"presage/ingest/httpdoor"
)

// Whatever the body, the door answers, and a vehicle's reaches that vehicle alone.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"ts":1777622400000,"signals":{"Vehicle.Speed":1}}`, `{"samples":[{"vin":"` + vinB + `","ts":1}]}`,
		"telemetry,vin=" + vinB + " a=1i,b=t,c=\"[1]\" 1777622400000000000\ntelemetry a=", "{\n5\n[]\n",
	} {
		for kind := range 3 {
			f.Add(kind, []byte(seed))
		}
	}
	s := &sink{}
	d, err := httpdoor.New(httpdoor.Config{Sink: s, Lock: lock{}, Now: nowFunc})
	if err != nil {
		f.Fatal(err)
	}
	h := d.Handler(func(*http.Request) error { return presage.ErrForbidden })
	f.Fuzz(func(t *testing.T, kind int, body []byte) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(body))
		r.RemoteAddr = "127.0.0.1:1"
		r.SetBasicAuth(vinA, "secret")
		r.Header.Set("Content-Type", []string{jsonT, lines, points}[uint(kind)%3])
		w := httptest.NewRecorder()
		stuck := time.AfterFunc(time.Minute, func() { panic(string(body)) })
		h.ServeHTTP(w, r)
		stuck.Stop()
		switch w.Code {
		case 200, 207, 403, 422:
		default:
			t.Errorf("%d %s", w.Code, w.Body)
		}
		for _, line := range s.lines {
			if line[:17] != vinA {
				t.Errorf("stored %s", line)
			}
		}
		s.lines = s.lines[:0]
	})
}
