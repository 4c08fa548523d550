package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"presage"
)

// Subscriptions are the receivers of changes; see rest.Subscriptions.
type Subscriptions interface {
	Subscriptions(ctx context.Context) ([]presage.Subscription, error)
	Deliveries(ctx context.Context, f presage.DeliveryFilter) ([]presage.Delivery, error)
	ReplayDeliveries(ctx context.Context, ids []string, now time.Time) (int, error)
	SkipDeliveries(ctx context.Context, ids []string, now time.Time) (int, error)
}

const (
	deliveriesPath = "/data/deliveries"
	deliveryRows   = 50
)

// mountDealer adds what is about the systems of dealers.
func (s *Site) mountDealer(r gin.IRouter) {
	r.GET(deliveriesPath, s.console(deliveriesPage))
	r.POST(deliveriesPath, s.console(endDeliveries))
	r.GET(qualityPath, s.console(qualityPage))
	r.POST(mergesPath, s.console(mergeCustomers))
	r.POST(mergesPath+"/:id/undo", s.console(undoMerge))
}

// receiverRow is a subscription as the page shows it: its host alone.
type receiverRow struct {
	presage.Subscription

	Host string
}

type deliveriesBody struct {
	Receivers []receiverRow
	Rows      []presage.Delivery
	State     presage.DeliveryState
	States    []presage.DeliveryState
	Receiver  string
	Next      string
}

func deliveriesPage(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := deliveriesBody{
		State: presage.DeliveryDead, Receiver: r.Query("subscription"),
		States: []presage.DeliveryState{
			presage.DeliveryDead, presage.DeliveryWaiting, presage.DeliveryDelivered, presage.DeliverySkipped,
		},
	}
	if state := presage.DeliveryState(r.Query("state")); slices.Contains(b.States, state) {
		b.State = state
	}
	subs, err := s.Subscriptions.Subscriptions(ctx)
	if err != nil {
		return err
	}
	for _, x := range subs {
		_, rest, _ := strings.Cut(x.URL.Reveal(), "://")
		host, _, _ := strings.Cut(rest, "/")
		b.Receivers = append(b.Receivers, receiverRow{x, host})
	}
	b.Rows, err = s.Subscriptions.Deliveries(ctx, presage.DeliveryFilter{
		SubscriptionID: b.Receiver, State: b.State, AfterID: r.Query("after"), Limit: deliveryRows,
	})
	if err != nil {
		return err
	}
	if len(b.Rows) == deliveryRows {
		b.Next = b.Rows[len(b.Rows)-1].ID
	}
	if n, err := strconv.Atoi(r.Query("again")); err == nil {
		r.notice = notice{"ok", r.text("deliveries.again", n)}
	}
	if n, err := strconv.Atoi(r.Query("skipped")); err == nil {
		r.notice = notice{"ok", r.text("deliveries.passed", n)}
	}
	return r.render(http.StatusOK, "deliveries", "data", r.text("deliveries.title"), b)
}

// endDeliveries sends one that was given up again, or all that the page shows, or
// lets others pass it.
func endDeliveries(r *request) error {
	ctx, s := r.Request.Context(), r.site
	ids := []string{r.PostForm("id")}
	if r.PostForm("id") == "" {
		dead, err := s.Subscriptions.Deliveries(ctx, presage.DeliveryFilter{
			SubscriptionID: r.PostForm("subscription"), State: presage.DeliveryDead, Limit: redriveMost,
		})
		if err != nil {
			return err
		}
		ids = nil
		for _, d := range dead {
			ids = append(ids, d.ID)
		}
	}
	do, said := s.Subscriptions.ReplayDeliveries, "again"
	if r.PostForm("do") == "skip" {
		do, said = s.Subscriptions.SkipDeliveries, "skipped"
	}
	n, err := do(ctx, ids, s.Now())
	if err != nil {
		return err
	}
	return r.redirect(fmt.Sprintf("%s?%s=%d", deliveriesPath, said, n))
}
