package rest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Subscriptions are the receivers of changes, and what is on its way to them.
type Subscriptions interface {
	// PutSubscription keeps a receiver; one without secrets keeps those that it has.
	PutSubscription(ctx context.Context, x presage.Subscription) (presage.Subscription, error)
	Subscription(ctx context.Context, id string) (presage.Subscription, error)
	Subscriptions(ctx context.Context) ([]presage.Subscription, error)
	RemoveSubscription(ctx context.Context, id string) error
	Deliveries(ctx context.Context, f presage.DeliveryFilter) ([]presage.Delivery, error)
	Delivery(ctx context.Context, id string) (presage.Delivery, error)
	// ReplayDeliveries sends again what was given up; ErrConflict for what was not.
	ReplayDeliveries(ctx context.Context, ids []string, now time.Time) (int, error)
	// SkipDeliveries lets what waits behind it go on without it.
	SkipDeliveries(ctx context.Context, ids []string, now time.Time) (int, error)
}

func (h *handlers) subscriptionRoutes(a huma.API) {
	const tag, path = "Dealer's systems", "/v1/subscriptions"
	op := get("list-subscriptions", path, tag, "Receivers of changes, with what waits for them")
	op.Responses = example[page[subscriptionRow]](a, page[subscriptionRow]{
		Items: []subscriptionRow{exampleSubscription()},
	})
	route(a, h.Logger, op, h.subscriptions)

	op = huma.Operation{
		OperationID: "put-subscription", Method: http.MethodPut, Path: path + "/{id}", Tags: []string{tag},
		Summary: "Tell a system what changes here, by signed requests",
		Description: "Each change is a CloudEvents 1.0 event in structured JSON, in a POST signed by Standard Webhooks " +
			"1.0. It is sent at least once with a fixed id: apply each id once. The changes of one case (`partitionkey`) " +
			"come in order, with a rising `sequence`. `secrets` sign and are never shown: give the new one and the one " +
			"before while one takes the other's place; left out, those that are known stay. `system` is the name under " +
			"which the receiver imports: it is told its own IDs, and nothing that it said itself. What waits is tried at once.",
	}
	op.Responses = example[subscriptionRow](a, exampleSubscription())
	route(a, h.Logger, op, h.putSubscription)

	op = get("get-subscription", path+"/{id}", tag, "One receiver of changes")
	op.Responses = example[subscriptionRow](a, exampleSubscription())
	route(a, h.Logger, op, h.subscription)
	route(a, h.Logger, huma.Operation{
		OperationID: "remove-subscription", Method: http.MethodDelete, Path: path + "/{id}", Tags: []string{tag},
		Summary: "Tell a system nothing more; what waits for it is forgotten", DefaultStatus: http.StatusNoContent,
	}, h.removeSubscription)

	op = get("list-deliveries", "/v1/deliveries", tag, "Changes on their way to receivers, the newest first")
	op.Responses = example[page[presage.Delivery]](a, page[presage.Delivery]{Items: []presage.Delivery{exampleDelivery()}})
	route(a, h.Logger, op, h.deliveries)
	op = post("replay-deliveries", "/v1/deliveries/replay", tag, "Send again what was given up")
	op.Description = "All of them or none. What waits behind one follows it."
	op.Responses = example[deliveriesEnded](a, deliveriesEnded{Deliveries: 1})
	route(a, h.Logger, op, h.replayDeliveries)
	op = post("skip-deliveries", "/v1/deliveries/skip", tag,
		"Let later changes of the same case pass one that was given up")
	op.Responses = example[deliveriesEnded](a, deliveriesEnded{Deliveries: 1})
	route(a, h.Logger, op, h.skipDeliveries)
}

// subscriptionRow is a receiver as it is shown.
type subscriptionRow struct {
	ID          string               `json:"id"`
	URL         string               `json:"url" doc:"Without what follows a question mark"`
	Types       []presage.ChangeType `json:"types" doc:"Empty: all"`
	System      string               `json:"system,omitempty"`
	Secrets     int                  `json:"secrets" doc:"How many there are; they are never shown"`
	Active      bool                 `json:"active"`
	CreatedAt   time.Time            `json:"created_at"`
	Waiting     int                  `json:"waiting" doc:"Changes to be sent"`
	Dead        int                  `json:"dead" doc:"Changes given up"`
	Failures    int                  `json:"failures" doc:"In a row"`
	Fault       string               `json:"fault,omitempty" doc:"Of the last try"`
	PausedUntil time.Time            `json:"paused_until,omitzero" doc:"Nothing is tried before"`
}

func shownSubscription(x presage.Subscription) subscriptionRow {
	address, _, secret := strings.Cut(x.URL.Reveal(), "?")
	if secret {
		address += "?***"
	}
	return subscriptionRow{
		ID: x.ID, URL: address, Types: nonNil(x.Types), System: x.System, Secrets: len(x.Secrets), Active: x.Active,
		CreatedAt: x.CreatedAt, Waiting: x.Waiting, Dead: x.Dead, Failures: x.Failures, Fault: x.Fault,
		PausedUntil: x.PausedUntil,
	}
}

func (h *handlers) subscriptions(ctx context.Context, in *struct{ Window }) (*body[page[subscriptionRow]], error) {
	found, err := h.Subscriptions.Subscriptions(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]subscriptionRow, len(found))
	for i, x := range found {
		rows[i] = shownSubscription(x)
	}
	cursor := func(r subscriptionRow) string { return r.ID }
	if rows, err = behind(rows, in.After, cursor); err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, cursor), nil
}

type subscriptionInput struct {
	ID   string `path:"id" maxLength:"40" pattern:"^[a-z0-9][a-z0-9-]*$" example:"dms-1"`
	Body struct {
		URL     string               `json:"url" minLength:"1" maxLength:"2000" doc:"https://, or http:// on this machine" example:"https://dms.example/presage"`                                                                                                                                                                                                                                                                  //nolint:lll // a tag cannot be broken
		Types   []presage.ChangeType `json:"types,omitempty" maxItems:"20" doc:"All when absent" enum:"presage.booking.sold,presage.booking.moved,presage.booking.changed,presage.booking.cancelled,presage.booking.arrived,presage.booking.no_show,presage.result.stored,presage.case.opened,presage.case.closed,presage.rescue.asked,presage.rescue.changed,presage.order.changed,presage.transfer.changed,presage.stock.moved"` //nolint:lll // a tag cannot be broken
		System  string               `json:"system,omitempty" maxLength:"40" doc:"The name under which it imports" example:"dms-1"`                                                                                                                                                                                                                                                                                                //nolint:lll // a tag cannot be broken
		Secrets []string             `json:"secrets,omitempty" maxItems:"2" doc:"whsec_ and 24 to 64 random bytes in base64; never shown"`                                                                                                                                                                                                                                                                                         //nolint:lll // a tag cannot be broken
		Active  *bool                `json:"active,omitempty" doc:"Changes are kept for it while false; true when absent"`
	}
}

func (h *handlers) putSubscription(ctx context.Context, in *subscriptionInput) (*body[subscriptionRow], error) {
	b := in.Body
	x := presage.Subscription{
		ID: in.ID, URL: presage.Secret(b.URL), Types: b.Types, System: b.System,
		Active: b.Active == nil || *b.Active, CreatedAt: h.Now().UTC(),
	}
	for _, s := range b.Secrets {
		x.Secrets = append(x.Secrets, presage.Secret(s))
	}
	x, err := h.Subscriptions.PutSubscription(ctx, x)
	if err != nil {
		return nil, err
	}
	return &body[subscriptionRow]{Body: shownSubscription(x)}, nil
}

type subscriptionPath struct {
	ID string `path:"id" maxLength:"40"`
}

func (h *handlers) subscription(ctx context.Context, in *subscriptionPath) (*body[subscriptionRow], error) {
	x, err := h.Subscriptions.Subscription(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[subscriptionRow]{Body: shownSubscription(x)}, nil
}

func (h *handlers) removeSubscription(ctx context.Context, in *subscriptionPath) (*struct{}, error) {
	return &struct{}{}, h.Subscriptions.RemoveSubscription(ctx, in.ID)
}

type deliveriesInput struct {
	Window

	Subscription string                `query:"subscription" maxLength:"40"`
	State        presage.DeliveryState `query:"state" enum:"waiting,delivered,dead,skipped"`
}

func (h *handlers) deliveries(ctx context.Context, in *deliveriesInput) (*body[page[presage.Delivery]], error) {
	if in.After != "" {
		if _, err := h.Subscriptions.Delivery(ctx, in.After); err != nil {
			return nil, gone("after", err)
		}
	}
	rows, err := h.Subscriptions.Deliveries(ctx, presage.DeliveryFilter{
		SubscriptionID: in.Subscription, State: in.State, AfterID: in.After, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(d presage.Delivery) string { return d.ID }), nil
}

type endDeliveriesInput struct {
	Body struct {
		IDs []string `json:"ids" minItems:"1" maxItems:"500" doc:"Of deliveries that were given up"`
	}
}

type deliveriesEnded struct {
	Deliveries int `json:"deliveries"`
}

func (h *handlers) replayDeliveries(ctx context.Context, in *endDeliveriesInput) (*body[deliveriesEnded], error) {
	n, err := h.Subscriptions.ReplayDeliveries(ctx, in.Body.IDs, h.Now().UTC())
	if err != nil {
		return nil, err
	}
	return &body[deliveriesEnded]{Body: deliveriesEnded{n}}, nil
}

func (h *handlers) skipDeliveries(ctx context.Context, in *endDeliveriesInput) (*body[deliveriesEnded], error) {
	n, err := h.Subscriptions.SkipDeliveries(ctx, in.Body.IDs, h.Now().UTC())
	if err != nil {
		return nil, err
	}
	return &body[deliveriesEnded]{Body: deliveriesEnded{n}}, nil
}

func exampleSubscription() subscriptionRow {
	return subscriptionRow{
		ID: "dms-1", URL: "https://dms.example/presage", System: "dms-1", Secrets: 1, Active: true,
		Types:     []presage.ChangeType{presage.BookingSold, presage.BookingGone},
		CreatedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Waiting:   2, Dead: 1, Failures: 1, Fault: "HTTP 500",
	}
}

func exampleDelivery() presage.Delivery {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	return presage.Delivery{
		ID: "dms-1:cfh3k2jq7lmno5pq.3", SubscriptionID: "dms-1", EventID: "cfh3k2jq7lmno5pq.3", Type: presage.BookingSold,
		Subject: "b4n3k2jq7lmno5pq", At: at, State: presage.DeliveryDead, Attempts: 1, UpdatedAt: at.Add(time.Second),
		Fault: "HTTP 422", Behind: 1,
	}
}
