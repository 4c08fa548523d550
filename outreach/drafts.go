package outreach

import (
	"context"
	"errors"
	"fmt"

	"presage"
	"presage/internal/wording"
	"presage/outreach/visit"
)

// draftRows is among how many of the newest messages an offer is looked for.
const draftRows = 50

// Drafts shows how each kind of message reads. Its fields are set once.
type Drafts struct {
	Messages interface {
		Messages(ctx context.Context, f presage.MessageFilter) ([]presage.Message, error)
	}
	Files *visit.Files
	Texts *wording.Texts
}

// TextPreviews writes every kind of message in both languages: about the newest
// offer where about is a real case and there is one, which isReal tells, else about
// the longest samples. The links in them lead nowhere.
func (d *Drafts) TextPreviews(ctx context.Context, about bool) (rows []wording.Preview, isReal bool, err error) {
	var facts *wording.Facts
	if about {
		if facts, err = d.newest(ctx); err != nil {
			return nil, false, fmt.Errorf("preview of texts: %w", err)
		}
	}
	rows, err = d.Texts.Preview(facts)
	return rows, facts != nil, err
}

// newest are the facts of the newest offer; nil for none.
func (d *Drafts) newest(ctx context.Context) (*wording.Facts, error) {
	ms, err := d.Messages.Messages(ctx, presage.MessageFilter{Limit: draftRows})
	if err != nil {
		return nil, err
	}
	for _, m := range ms {
		if m.Kind != string(wording.Offer) {
			continue
		}
		f, _, err := d.Files.ByMessage(ctx, m)
		if errors.Is(err, presage.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		facts := f.Facts(d.Files.Planner.Sender(f.Vehicle))
		facts.Slots, facts.Cars = f.Offer.Slots, []string{wording.Car(f.Vehicle, f.Customer.Lang)}
		if len(facts.Slots) > 0 {
			facts.Start = facts.Slots[0].Start
		}
		return &facts, nil
	}
	return nil, nil
}

// ReloadTexts reads the operator's folder again; with a fault all stays as it is.
func (d *Drafts) ReloadTexts() []wording.Fault { return d.Texts.Reload() }

// TextFolder is where the operator's texts are, "" for none.
func (d *Drafts) TextFolder() string { return d.Texts.Folder() }
