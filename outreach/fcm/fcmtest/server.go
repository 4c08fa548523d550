// Package fcmtest is a small Firebase Cloud Messaging on loopback for tests: it
// gives tokens to its service account, keeps what it was sent and shows of it
// what a device would show, reports as an app does, and can be told to fail.
package fcmtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"presage/outreach/providertest"
)

// Project is the one that the server knows.
const Project = "presage-test"

// Sent is one message that the server accepted for one device.
type Sent struct {
	Token, Title, Body, Key, Tag, Priority, TTL string
	APNS                                        map[string]string
	Data                                        map[string]string
}

// Fault is what happens to a request that sends.
type Fault struct {
	Status     int
	Code       string        // e.g. "UNREGISTERED", "INVALID_ARGUMENT"
	Field      string        // the field that is wrong, e.g. "message.token"
	RetryAfter time.Duration // 0: the answer does not say
	Lost       bool          // accepted, then the connection breaks without an answer
}

// Server is the fake. Its methods are safe for use by several goroutines.
type Server struct {
	providertest.Provider[Sent, Fault]

	broken map[string]Fault // by token; under Mu, as is tokens
	tokens int
}

// New starts a server that ends with the test.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := Start()
	tb.Cleanup(s.Close)
	return s
}

// Start starts a server that runs until Close.
func Start() *Server {
	s := &Server{broken: map[string]Fault{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", s.token)
	mux.HandleFunc("POST /v1/projects/"+Project+"/messages:send", s.send)
	s.Serve(mux)
	return s
}

// Shown is what a device shows: of several messages with one key the last.
func (s *Server) Shown(token string) []Sent {
	var shown []Sent
	for _, m := range s.Sent() {
		if m.Token != token {
			continue
		}
		shown = slices.DeleteFunc(shown, func(before Sent) bool { return before.Tag == m.Tag })
		shown = append(shown, m)
	}
	return shown
}

// Tokens counts how often the account asked for an access token.
func (s *Server) Tokens() int {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	return s.tokens
}

// Break makes every message to one device fail.
func (s *Server) Break(token string, f Fault) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	s.broken[token] = f
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if !signed(r.FormValue("assertion")) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	s.Mu.Lock()
	s.tokens++
	n := s.tokens
	s.Mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"access_token":"access-%d","token_type":"Bearer","expires_in":3599}`, n)
}

// request is the part of "projects.messages.send" that is looked at.
type request struct {
	Message struct {
		Token        string            `json:"token"`
		Data         map[string]string `json:"data"`
		Notification struct {
			Title string `json:"title"`
			Body  string `json:"body"`
		} `json:"notification"`
		Android struct {
			Key          string            `json:"collapse_key"`
			Priority     string            `json:"priority"`
			TTL          string            `json:"ttl"`
			Notification map[string]string `json:"notification"`
		} `json:"android"`
		APNS struct {
			Headers map[string]string `json:"headers"`
		} `json:"apns"`
	} `json:"message"`
}

func (s *Server) send(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer access-") {
		refuse(w, Fault{Status: http.StatusUnauthorized, Code: "UNAUTHENTICATED"})
		return
	}
	var in request
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		refuse(w, Fault{Status: http.StatusBadRequest, Code: "INVALID_ARGUMENT", Field: "message"})
		return
	}
	m := in.Message
	s.Mu.Lock()
	f, broken := s.broken[m.Token]
	if !broken {
		f = s.Next()
	}
	if f.Status != 0 {
		s.Mu.Unlock()
		refuse(w, f)
		return
	}
	s.Accepted = append(s.Accepted, Sent{
		Token: m.Token, Title: m.Notification.Title, Body: m.Notification.Body, Key: m.Android.Key,
		Tag: m.Android.Notification["tag"], Priority: m.Android.Priority, TTL: m.Android.TTL,
		APNS: m.APNS.Headers, Data: m.Data,
	})
	n := len(s.Accepted)
	s.Mu.Unlock()
	if f.Lost {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"name":"projects/%s/messages/%d"}`, Project, n)
}

// refuse answers as FCM does: the general status, and its own code in a detail.
func refuse(w http.ResponseWriter, f Fault) {
	detail := map[string]any{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": f.Code}
	details := []any{detail}
	if f.Field != "" {
		details = append(details, map[string]any{
			"@type":           "type.googleapis.com/google.rpc.BadRequest",
			"fieldViolations": []any{map[string]any{"field": f.Field, "description": "wrong"}},
		})
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(f.Status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{
		"code": f.Status, "message": "refused", "status": f.Code, "details": details,
	}})
}
