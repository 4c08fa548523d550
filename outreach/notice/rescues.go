package notice

import (
	"context"
	"errors"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
)

// rescue is the kind of what is told of cars that stand still.
const rescue = "rescue"

// rescues tells the partner that is asked, and the staff, of each rescue that nobody has
// taken, and of each that is late. Where the car stands is told on the page alone.
func (n *Notifier) rescues(ctx context.Context, workshops []presage.Workshop) error {
	live, err := n.Store.Rescues(ctx, presage.RescueFilter{Live: true})
	faults := []error{err}
	for _, x := range live {
		if x.State == presage.RescueAsked {
			faults = append(faults, n.rescue(ctx, x, "asked", n.who(workshops, x.WorkshopID)))
		}
		if x.Owner == presage.OwnerManager {
			faults = append(faults, n.rescue(ctx, x, "late", n.who(workshops, x.WorkshopID)))
		}
	}
	return errors.Join(faults...)
}

// rescue tells of one: text is "asked", or "late" for a step that nobody did in time.
func (n *Notifier) rescue(ctx context.Context, x presage.Rescue, text string, to []presage.Email) error {
	if len(to) == 0 {
		return nil
	}
	v, err := n.Store.Vehicle(ctx, x.VIN)
	if err != nil && !errors.Is(err, presage.ErrNotFound) {
		return err
	}
	car, since := wording.Car(v, n.Lang), x.OpenedAt.UTC().Format("2006-01-02 15:04 UTC")
	key := rescue + "/" + x.ID + "/" + text
	if text == "late" {
		key += "/" + string(x.State)
	}
	return n.tell(ctx, key+"/"+casework.Instant(x.OpenedAt), to, presage.Notice{
		Kind: rescue, Subject: n.Book.In(n.Lang, "notice.rescue."+text+".subject", car),
		Text: n.Book.In(n.Lang, "notice.rescue."+text+".text", car, since), Link: n.Base + "/rescue",
	})
}
