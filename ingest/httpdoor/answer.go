package httpdoor

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"presage/ingest"
)

// maxRefusals are named in an answer; the others are counted.
const maxRefusals = 20

// Report is the body of every answer. That of a problem is RFC 9457's, with the
// same members besides.
type Report struct {
	Title        string    `json:"title,omitempty"`
	Status       int       `json:"status,omitempty"`
	Detail       string    `json:"detail,omitempty"`
	Stored       int       `json:"stored" doc:"Samples that are stored, durably"`
	Letters      []Letter  `json:"letters,omitempty" doc:"What is kept as dead letters and can be driven again"`
	Refused      []Refusal `json:"refused,omitempty" doc:"The first 20 of what is kept nowhere"`
	RefusedCount int       `json:"refused_count,omitempty" doc:"How many were refused"`
}

// Letter counts dead letters of one reason.
type Letter struct {
	Reason string `json:"reason" example:"bad_value"`
	Detail string `json:"detail" doc:"Of the first one: what is wrong and how to mend it"`
	Count  int    `json:"count"`
}

// Refusal is a part of a request that names no vehicle to keep it under, or
// one that the sender does not speak for.
type Refusal struct {
	Line   int    `json:"line" doc:"Line of the body, or which point of line protocol; from 1"`
	Reason string `json:"reason" example:"wrong_vin"`
	Detail string `json:"detail"`
}

// refusals are the first ones and the number of all.
type refusals struct {
	first []Refusal
	count int
}

func (r *refusals) add(line int, reason, detail string) {
	if r.count++; len(r.first) < maxRefusals {
		r.first = append(r.first, Refusal{line, reason, detail})
	}
}

// answer is what a request is told.
type answer struct {
	status   int
	detail   string // of a problem
	retry    time.Duration
	stored   int
	letters  []Letter
	refusals refusals
}

// add counts what became of one part.
func (a *answer) add(o ingest.Outcome) {
	a.stored += o.Samples
next:
	for _, f := range o.Faults {
		for i := range a.letters {
			if a.letters[i].Reason == f.Reason {
				a.letters[i].Count += f.Count
				continue next
			}
		}
		a.letters = append(a.letters, Letter{f.Reason, f.Detail, f.Count})
	}
}

// settle chooses the status when all parts are told.
func (a *answer) settle() *answer {
	whole := a.refusals.count == 0
	for _, l := range a.letters {
		whole = whole && l.Reason == ingest.ReasonSuspectUnit // a hint: what it is about is stored
	}
	switch {
	case whole && a.stored == 0:
		return unprocessable("no sample in it")
	case whole:
		a.status = http.StatusOK
	case a.stored > 0:
		a.status = http.StatusMultiStatus
	default:
		a.status, a.detail = a.nothing()
		if a.status == http.StatusTooManyRequests {
			a.retry = retryHeld
		}
	}
	return a
}

// nothing is the status when nothing was stored.
func (a *answer) nothing() (status int, detail string) {
	reasons := map[string]bool{}
	for _, l := range a.letters {
		reasons[l.Reason], detail = true, l.Detail
	}
	for _, r := range a.refusals.first {
		reasons[r.Reason], detail = true, r.Detail
	}
	status = http.StatusUnprocessableEntity
	if len(reasons) == 1 {
		switch {
		case reasons[ingest.ReasonForeignVIN]:
			status = http.StatusForbidden
		case reasons[ingest.ReasonTooLarge]:
			status = http.StatusRequestEntityTooLarge
		case reasons[ingest.ReasonRateLimited]:
			status = http.StatusTooManyRequests
		}
	}
	return status, "nothing is stored: " + detail
}

// write sends a.
func (a *answer) write(w http.ResponseWriter) {
	out := Report{
		Stored: a.stored, Letters: a.letters, Refused: a.refusals.first, RefusedCount: a.refusals.count,
	}
	kind := "application/json"
	if a.status >= http.StatusBadRequest {
		kind = "application/problem+json"
		out.Title, out.Status, out.Detail = http.StatusText(a.status), a.status, a.detail
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	if a.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Basic realm="presage", charset="UTF-8"`)
		h.Add("WWW-Authenticate", "Bearer")
	}
	if a.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int(a.retry.Seconds())))
	}
	w.WriteHeader(a.status)
	_ = json.NewEncoder(w).Encode(out) // who hung up is not told
}

func problem(status int, detail string) *answer { return &answer{status: status, detail: detail} }

func badRequest(detail string) *answer    { return problem(http.StatusBadRequest, detail) }
func unauthorized(detail string) *answer  { return problem(http.StatusUnauthorized, detail) }
func forbidden(detail string) *answer     { return problem(http.StatusForbidden, detail) }
func unsupported(detail string) *answer   { return problem(http.StatusUnsupportedMediaType, detail) }
func unprocessable(detail string) *answer { return problem(http.StatusUnprocessableEntity, detail) }

func timedOut() *answer {
	return problem(http.StatusRequestTimeout, "the body took too long to arrive: send smaller batches")
}

func tooMany(detail string) *answer {
	return &answer{status: http.StatusTooManyRequests, detail: detail, retry: retryBusy}
}

func later(detail string, retry time.Duration) *answer {
	return &answer{status: http.StatusServiceUnavailable, detail: detail, retry: retry}
}
