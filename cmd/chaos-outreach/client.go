package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"presage/outreach/booking"
)

// answer is what came of a request.
type answer int

const (
	done    answer = iota
	refused        // the state of things forbids it, or somebody was faster
	unknown        // no answer, or one of trouble: it may have been done
)

// tab is a form that somebody sends.
type tab struct {
	node    *node
	adviser bool    // else the customer, by the offer's token
	seen    *string // the visit that it showed, "" for none; nil for a form that shows none
}

// book asks for a slot of the car's workshop. With a visit it is a move.
func (r *rig) book(ctx context.Context, t tab, c car, start time.Time) answer {
	body := map[string]string{"slot_id": booking.SlotID(c.workshop, start)}
	if t.adviser {
		body["case_id"] = c.caseID
	} else {
		body["token"] = c.token
	}
	if t.seen != nil {
		body["visit"] = *t.seen
	}
	text, _ := json.Marshal(body) // strings alone
	return r.post(ctx, t.node, "/v1/bookings", "application/json", text)
}

// cancel gives the visit back by the customer's page.
func (r *rig) cancel(ctx context.Context, t tab, c car) answer {
	form := url.Values{}
	if t.seen != nil {
		form.Set("visit", *t.seen)
	}
	return r.post(ctx, t.node, "/b/"+c.token+"/cancel", "application/x-www-form-urlencoded", []byte(form.Encode()))
}

// cancelAsAdviser gives a booking back by the API.
func (r *rig) cancelAsAdviser(ctx context.Context, n *node, bookingID string) answer {
	return r.post(ctx, n, "/v1/bookings/"+bookingID+"/cancel", "application/json", []byte(`{"why": "chaos"}`))
}

func (r *rig) post(ctx context.Context, n *node, path, contentType string, text []byte) answer {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+n.api+path, bytes.NewReader(text))
	if err != nil {
		return unknown
	}
	req.Header.Set("Content-Type", contentType)
	if strings.HasPrefix(path, "/v1/") {
		req.Header.Set("Authorization", "Bearer "+adminKey)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return unknown
	}
	defer func() { _ = res.Body.Close() }()
	said, _ := io.ReadAll(io.LimitReader(res.Body, 4<<10))
	switch {
	case res.StatusCode < http.StatusBadRequest:
		return done
	case res.StatusCode == http.StatusConflict, res.StatusCode == http.StatusNotFound && contentType != "application/json":
		return refused
	case res.StatusCode < http.StatusInternalServerError:
		r.complain(path, res.StatusCode, said)
		return refused
	case res.StatusCode == http.StatusInternalServerError: // 503 asks to try again, 500 is a mistake of ours
		r.complain(path, res.StatusCode, said)
	}
	return unknown
}
