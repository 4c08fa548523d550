package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// commandBody is what the body of a request may hold beside the payload.
const commandBody = 4 << 10

func (h *handlers) commandRoutes(a huma.API) {
	const tag, path = "Vehicles", "/v1/vehicles/{vin}/commands"
	put := post("put-command", path, tag, "Send a command to a vehicle")
	put.Description = "It is published on presage/v1/{vin}/command with QoS 1, after those put before it, as soon as " +
		"the vehicle is there, and it is done when the vehicle acknowledges it. It may arrive more than once. " +
		fmt.Sprintf("At most %d wait for one vehicle.", presage.MaxOpenCommands)
	put.DefaultStatus, put.MaxBodyBytes = http.StatusCreated, presage.MaxCommandBytes+commandBody
	put.Errors = append(put.Errors, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge)
	route(a, h.Logger, put, h.putCommand)
	list := get("list-commands", path, tag, "A vehicle's commands, the newest first")
	list.Description = "Those that are done or expired are kept for 30 days, at most 1,000 of one vehicle."
	list.Errors = []int{http.StatusNotFound}
	route(a, h.Logger, list, h.commands)
	withdraw := get("withdraw-command", path+"/{id}", tag, "Withdraw a command that the vehicle has not acknowledged")
	withdraw.Description = "One that is on its way may still arrive. Of one that is done, what is retained for later " +
		"subscribers ends; an external broker keeps its own copy until a newer retained command replaces it."
	withdraw.Method, withdraw.DefaultStatus = http.MethodDelete, http.StatusNoContent
	withdraw.Errors = []int{http.StatusNotFound, http.StatusConflict}
	route(a, h.Logger, withdraw, h.withdrawCommand)
}

// lifetime is how long something is good for: text such as "72h", or seconds.
type lifetime time.Duration

// maxLifetime is the longest one: a year.
const maxLifetime = 365 * 24 * time.Hour

// Schema implements huma.SchemaProvider.
func (lifetime) Schema(huma.Registry) *huma.Schema {
	least, most := 1.0, maxLifetime.Seconds()
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeString, MaxLength: new(32), Examples: []any{"72h"}},
		{Type: huma.TypeNumber, Minimum: &least, Maximum: &most},
	}}
}

// UnmarshalJSON implements json.Unmarshaler. It takes anything, so that the
// fault is told with the others: what cannot be read becomes -1.
func (l *lifetime) UnmarshalJSON(text []byte) error {
	*l = -1
	var words string
	var seconds float64
	switch {
	case json.Unmarshal(text, &seconds) == nil:
		if d := seconds * float64(time.Second); math.Abs(d) < math.MaxInt64 {
			*l = lifetime(d)
		}
	case json.Unmarshal(text, &words) == nil:
		if d, err := time.ParseDuration(words); err == nil {
			*l = lifetime(d)
		}
	}
	return nil
}

type putCommandInput struct {
	VIN string `path:"vin" doc:"Vehicle identification number (ISO 3779)" example:"LPSVSEDE4R0000042"`

	Body struct {
		Payload   json.RawMessage `json:"payload" doc:"Any JSON document of at most 64 KiB, sent as it is"`
		ExpiresIn *lifetime       `json:"expires_in,omitempty" doc:"Not sent after that: text such as 72h, or seconds; one second to a year; never when absent"` //nolint:lll // a tag cannot be broken
		Retain    bool            `json:"retain,omitempty" doc:"Sent again to whoever subscribes later, until it expires or a newer one replaces it"`            //nolint:lll // a tag cannot be broken
		By        string          `json:"by,omitempty" maxLength:"64" doc:"Who asks for it" example:"Zhao Min"`
	}
}

// commandRow is a command as it is shown.
type commandRow struct {
	ID        int64                `json:"id"`
	VIN       presage.VIN          `json:"vin"`
	State     presage.CommandState `json:"state" enum:"open,done,expired"`
	Payload   json.RawMessage      `json:"payload"`
	Retain    bool                 `json:"retain"`
	CreatedAt time.Time            `json:"created_at"`
	ExpiresAt *time.Time           `json:"expires_at" doc:"null: never"`
	DoneAt    *time.Time           `json:"done_at" doc:"When the vehicle acknowledged it; null before"`
	By        string               `json:"by"`
}

func shownCommand(c presage.Command, now time.Time) commandRow {
	row := commandRow{
		ID: c.ID, VIN: c.VIN, State: c.State(now), Payload: c.Payload, Retain: c.Retain, CreatedAt: c.CreatedAt, By: c.By,
	}
	if !c.ExpiresAt.IsZero() {
		row.ExpiresAt = &c.ExpiresAt
	}
	if !c.DoneAt.IsZero() {
		row.DoneAt = &c.DoneAt
	}
	return row
}

func (h *handlers) putCommand(ctx context.Context, in *putCommandInput) (*body[commandRow], error) {
	vin, err := presage.ParseVIN(in.VIN)
	if err != nil {
		return nil, err
	}
	c := presage.Command{
		VIN: vin, Payload: in.Body.Payload, Retain: in.Body.Retain, CreatedAt: h.Now(),
		By: signed(ctx, in.Body.By),
	}
	if in.Body.ExpiresIn != nil {
		life := time.Duration(*in.Body.ExpiresIn)
		if life < time.Second || life > maxLifetime {
			return nil, fmt.Errorf("expires_in: %w: want 1s to 8760h, such as 72h, or as many seconds", presage.ErrInvalid)
		}
		c.ExpiresAt = c.CreatedAt.Add(life)
	}
	put, err := h.Commands.PutCommand(ctx, c)
	if err != nil {
		return nil, err
	}
	if h.Notify != nil {
		h.Notify(vin)
	}
	return &body[commandRow]{Body: shownCommand(put, h.Now())}, nil
}

type commandsInput struct {
	VIN string `path:"vin" doc:"Vehicle identification number (ISO 3779)" example:"LPSVSEDE4R0000042"`

	State  presage.CommandState `query:"state" enum:"open,done,expired" doc:"All when absent"`
	Before int64                `query:"before" minimum:"0" doc:"Cursor: the last ID of the previous page"`
	Limit  int                  `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (h *handlers) commands(ctx context.Context, in *commandsInput) (*body[page[commandRow]], error) {
	vin, err := presage.ParseVIN(in.VIN)
	if err != nil {
		return nil, err
	}
	if _, err := h.Vehicles.Vehicle(ctx, vin); err != nil {
		return nil, err
	}
	now := h.Now()
	found, err := h.Commands.Commands(ctx, presage.CommandFilter{
		VIN: vin, State: in.State, Now: now, Before: in.Before, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	rows := make([]commandRow, len(found))
	for i, c := range found {
		rows[i] = shownCommand(c, now)
	}
	return paged(rows, in.Limit, func(r commandRow) string { return strconv.FormatInt(r.ID, 10) }), nil
}

type withdrawCommandInput struct {
	VIN string `path:"vin" doc:"Vehicle identification number (ISO 3779)" example:"LPSVSEDE4R0000042"`

	ID int64 `path:"id" minimum:"1" example:"7"`
}

func (h *handlers) withdrawCommand(ctx context.Context, in *withdrawCommandInput) (*struct{}, error) {
	vin, err := presage.ParseVIN(in.VIN)
	if err != nil {
		return nil, err
	}
	return nil, h.Commands.WithdrawCommand(ctx, vin, in.ID, h.Now())
}
