package deliver

import (
	"context"
	"errors"
	"time"

	"presage"
	"presage/internal/wording"
)

// doubtPause is how soon a message is looked at again that waits for a person to say
// whether its customer wants messages.
const doubtPause = 30 * time.Minute

// doubted lets a message wait for that. What is about safety or a rescue does not wait, nor
// what a person wrote, who has read the customer's text. That a person will answer is not said,
// nor are they asked what they meant.
func (d *Deliverer) doubted(ctx context.Context, m presage.Message) (verdict, error) {
	if m.Safety || m.Kind == presage.KindPersonal || wording.Kind(m.Kind).Rescues() {
		return verdict{}, nil
	}
	c, err := d.Store.Conversation(ctx, m.CustomerID)
	switch {
	case errors.Is(err, presage.ErrNotFound):
		return verdict{}, nil
	case err != nil || c.HeldSince.IsZero():
		return verdict{}, err
	case m.Kind == string(wording.Adviser), m.Kind == string(wording.Unclear), m.Kind == string(wording.Help):
		return verdict{drop: presage.Because(presage.WhyMayStop)}, nil
	}
	return verdict{hold: d.Now().Add(doubtPause)}, nil
}
