package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"presage"
)

const (
	messageRows = 30
	replyRows   = 20
	letterRows  = 50
	redriveMost = 10_000
)

type outboxBody struct {
	Rows    []messageRow
	Replies []replyRow
	State   presage.MessageState
	States  []presage.MessageState
	Next    string
}

type messageRow struct {
	presage.Message
	Customer *presage.Customer
}

type replyRow struct {
	presage.Reply
	Customer *presage.Customer
}

func outbox(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := outboxBody{States: []presage.MessageState{
		presage.MessagePlanned, presage.MessageSending, presage.MessageSent,
		presage.MessageDelivered, presage.MessageSeen, presage.MessageFailed, presage.MessageSuppressed,
	}}
	if state := presage.MessageState(r.Query("state")); slices.Contains(b.States, state) {
		b.State = state
	}
	rows, err := s.Messages.Messages(ctx, presage.MessageFilter{
		State: b.State, CustomerID: r.Query("customer"), BeforeID: r.Query("before"), Limit: messageRows,
	})
	if err != nil {
		return err
	}
	for _, m := range rows {
		c, err := s.customerOf(ctx, m.CustomerID)
		if err != nil {
			return err
		}
		b.Rows = append(b.Rows, messageRow{Message: m, Customer: c})
	}
	if len(rows) == messageRows {
		b.Next = rows[len(rows)-1].ID
	}
	replies, err := s.Messages.Replies(ctx, replyRows)
	if err != nil {
		return err
	}
	for _, p := range replies {
		c, err := s.customerOf(ctx, p.CustomerID)
		if err != nil {
			return err
		}
		b.Replies = append(b.Replies, replyRow{Reply: p, Customer: c})
	}
	return r.render(http.StatusOK, "outbox", "outbox", r.text("nav.outbox"), b)
}

// customerOf is nil for a customer that is not known any more.
func (s *Site) customerOf(ctx context.Context, id string) (*presage.Customer, error) {
	c, err := s.Customers.Customer(ctx, id)
	if errors.Is(err, presage.ErrNotFound) {
		return nil, nil //nolint:nilnil // absence is an answer here
	}
	if err != nil {
		return nil, err
	}
	return &c, nil
}

type reasonCount struct {
	Reason string
	Count  int64
}

type dataBody struct {
	Counts []reasonCount
	Total  int64
	Reason string
	Rows   []presage.DeadLetter
	Next   string

	Quality []presage.QualityReport
}

func data(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := dataBody{Reason: r.Query("reason")}
	counts, err := s.DeadLetters.DeadLetterCounts(ctx)
	if err != nil {
		return err
	}
	if b.Quality, err = s.Quality.Quality(ctx); err != nil {
		return err
	}
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		b.Counts = append(b.Counts, reasonCount{reason, counts[reason]})
		b.Total += counts[reason]
	}
	slices.SortStableFunc(b.Counts, func(a, b reasonCount) int { return cmp.Compare(b.Count, a.Count) })
	after, _ := strconv.ParseInt(r.Query("after"), 10, 64) // anything else starts at the beginning
	b.Rows, err = s.DeadLetters.DeadLetterHeads(ctx, presage.DeadLetterFilter{
		Reason: b.Reason, AfterID: max(0, after), OnlyOpen: true, Limit: letterRows,
	})
	if err != nil {
		return err
	}
	if len(b.Rows) == letterRows {
		b.Next = strconv.FormatInt(b.Rows[len(b.Rows)-1].ID, 10)
	}
	if n, err := strconv.Atoi(r.Query("redriven")); err == nil {
		r.notice = notice{"ok", r.text("data.redriven", n)}
	}
	return r.render(http.StatusOK, "data", "data", r.text("nav.data"), b)
}

func redrive(r *request) error {
	n, err := r.site.Redriver.Redrive(r.Request.Context(), r.PostForm("reason"), redriveMost)
	if err != nil {
		return err
	}
	return r.redirect(fmt.Sprintf("/data?redriven=%d", n))
}
