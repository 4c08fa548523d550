// Package twiliotest is a small Twilio on loopback for tests: it keeps what it
// was sent, answers like the Messages resource of API 2010-04-01, calls back
// with statuses, signs its webhooks, and can be told to fail.
package twiliotest

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"presage/outreach/providertest"
)

// AccountSID and AuthToken are the account that the server knows.
const (
	AccountSID = "AC00000000000000000000000000000001"
	AuthToken  = "tokenfortestsonly0000000000000001"
)

// Sent is one message that the server accepted.
type Sent struct {
	SID, To, From, Body, Status, Callback string
	ErrorCode                             int
	Created                               time.Time
}

// Fault is what happens to the next request that sends.
type Fault struct {
	Status, Code int           // an error answer, e.g. 400 and 21610; nothing is accepted
	Lost         bool          // accepted, then the connection breaks without an answer
	RetryAfter   time.Duration // with an error answer; 0: it does not say
}

// Server is the fake. Its methods are safe for use by several goroutines.
type Server struct {
	providertest.Provider[Sent, Fault]

	texts int // under Mu
	now   func() time.Time
}

// New starts a server that ends with the test. now dates what it accepts.
func New(tb testing.TB, now func() time.Time) *Server {
	tb.Helper()
	s := Start(now)
	tb.Cleanup(s.Close)
	return s
}

// Start starts a server that runs until Close.
func Start(now func() time.Time) *Server {
	s := &Server{now: now}
	mux := http.NewServeMux()
	path := "/2010-04-01/Accounts/" + AccountSID + "/Messages.json"
	mux.HandleFunc("POST "+path, s.create)
	mux.HandleFunc("GET "+path, s.list)
	s.Serve(s.authorised(mux))
	return s
}

func (s *Server) authorised(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if user != AccountSID || password != AuthToken {
			refuse(w, http.StatusUnauthorized, 20003)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuse(w http.ResponseWriter, status, code int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"code":%d,"message":"refused","more_info":"","status":%d}`, code, status)
}

func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.Mu.Lock()
	f := s.Next()
	if f.Status != 0 {
		s.Mu.Unlock()
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
		}
		refuse(w, f.Status, f.Code)
		return
	}
	m := Sent{
		SID: fmt.Sprintf("SM%032d", len(s.Accepted)+1), To: r.PostForm.Get("To"), From: r.PostForm.Get("From"),
		Body: r.PostForm.Get("Body"), Status: "queued", Callback: r.PostForm.Get("StatusCallback"), Created: s.now(),
	}
	s.Accepted = append(s.Accepted, m)
	s.Mu.Unlock()
	if f.Lost {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(resource(m))
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	found := []map[string]any{}
	for _, m := range slices.Backward(s.Sent()) {
		if m.To == r.URL.Query().Get("To") {
			found = append(found, resource(m))
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"messages": found, "page": 0, "page_size": len(found)})
}

func resource(m Sent) map[string]any {
	return map[string]any{
		"sid": m.SID, "to": m.To, "from": m.From, "body": m.Body, "status": m.Status,
		"date_created": m.Created.UTC().Format(time.RFC1123Z),
	}
}

// Report sets a message's status and calls its StatusCallback, signed. It
// returns the status of our answer.
func (s *Server) Report(ctx context.Context, sid, status string, code int) (int, error) {
	s.Mu.Lock()
	i := slices.IndexFunc(s.Accepted, func(m Sent) bool { return m.SID == sid })
	if i < 0 {
		s.Mu.Unlock()
		return 0, fmt.Errorf("no message %s", sid)
	}
	s.Accepted[i].Status, s.Accepted[i].ErrorCode = status, code
	callback := s.Accepted[i].Callback
	s.Mu.Unlock()
	form := url.Values{"MessageSid": {sid}, "MessageStatus": {status}, "AccountSid": {AccountSID}}
	if code != 0 {
		form.Set("ErrorCode", fmt.Sprint(code))
	}
	return Post(ctx, callback, form, AuthToken)
}

// Text posts a new incoming message to a webhook, signed.
func (s *Server) Text(ctx context.Context, webhook, from, body string) (int, error) {
	s.Mu.Lock()
	s.texts++
	sid := fmt.Sprintf("SM1%031d", s.texts)
	s.Mu.Unlock()
	return TextAgain(ctx, webhook, url.Values{"From": {from}, "Body": {body}, "MessageSid": {sid}})
}

// TextAgain posts an incoming message with the MessageSid it had, signed.
func TextAgain(ctx context.Context, webhook string, form url.Values) (int, error) {
	form = maps.Clone(form)
	form.Set("AccountSid", AccountSID)
	return Post(ctx, webhook, form, AuthToken)
}

// Sign is X-Twilio-Signature by the rule of Twilio's "Webhooks security" page:
// HMAC-SHA1 over the address followed by every name and value in the order of the names.
func Sign(address string, form url.Values, token string) string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	sort.Strings(names)
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = io.WriteString(mac, address)
	for _, name := range names {
		_, _ = io.WriteString(mac, name+form.Get(name))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Post sends a form as Twilio does, signed with token.
func Post(ctx context.Context, address string, form url.Values, token string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Twilio-Signature", Sign(address, form, token))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	return res.StatusCode, nil
}
