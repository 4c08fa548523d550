package rest

import (
	"context"
	"errors"
	"fmt"

	"presage"
)

// consentState is what holds for a customer, and how it came to that.
type consentState struct {
	Consent presage.Consent `json:"consent"`
	// Stopped are the channels that the customer ended themselves.
	Stopped presage.Channels        `json:"stopped"`
	History []presage.ConsentRecord `json:"history"`
}

func (h *handlers) consent(ctx context.Context, in *customerPath) (*body[consentState], error) {
	c, err := h.Consents.Customer(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	history, err := h.Consents.ConsentHistory(ctx, in.ID)
	return &body[consentState]{Body: consentState{
		Consent: c.Consent, Stopped: c.Consent.Stopped, History: nonNil(history),
	}}, err
}

type consentInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Push     bool           `json:"push"`
		SMS      bool           `json:"sms"`
		Email    bool           `json:"email,omitempty"`
		Call     bool           `json:"call"`
		Purposes presage.Limits `json:"purposes,omitempty" doc:"Narrows the channels by purpose: safety, service, marketing"`

		Preferred []presage.ChannelName `json:"preferred_channels,omitempty" maxItems:"3" example:"sms" doc:"The channels that the customer wants, the best first: push, sms, email; safety comes over the others too, after them. None: those of the service, in its order"` //nolint:lll // a tag cannot be broken

		Source   string `json:"source" minLength:"1" maxLength:"100" example:"letter"`
		Evidence string `json:"evidence" minLength:"1" maxLength:"200" doc:"What shows it" example:"scan 2026-117"`
	}
}

func (h *handlers) putConsent(ctx context.Context, in *consentInput) (*body[consentState], error) {
	x := in.Body
	for p := range x.Purposes {
		if !p.Known() {
			return nil, fmt.Errorf("purposes.%.20s: %w: want safety, service or marketing", string(p), presage.ErrInvalid)
		}
	}
	if err := errors.Join(presage.CheckPreferred(x.Preferred)...); err != nil {
		return nil, err
	}
	err := h.Consents.SetConsent(ctx, in.ID, presage.Consent{
		Push: x.Push, SMS: x.SMS, Email: x.Email, Call: x.Call, Purposes: x.Purposes, Source: x.Source, Evidence: x.Evidence,
		Preferred: x.Preferred, ChangedAt: h.Now(),
	})
	if err != nil {
		return nil, err
	}
	return h.consent(ctx, &customerPath{ID: in.ID})
}
