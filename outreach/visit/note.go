package visit

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"presage"
	"presage/outreach/casework"
)

// Note adds what a customer wants of the workshop to the visit of a case, so that it stands
// on the job card. A case without a visit is left as it is; what does not fit behind the
// note that there is takes its place.
func (d *Desk) Note(ctx context.Context, caseID, text string) error {
	f, err := d.Files.ByCase(ctx, caseID)
	if err != nil {
		return fmt.Errorf("note of case %s: %w", caseID, err)
	}
	if f.Booking == nil {
		return nil
	}
	note := casework.Clip(strings.Join(strings.Fields(text), " "))
	switch has := f.Booking.Note; {
	case strings.Contains(has, note):
		return nil
	case has != "" && utf8.RuneCountInString(has+note)+len(" · ") <= presage.NoteChars:
		note = has + " · " + note
	}
	_, err = d.Store.SetNote(ctx, f.Booking.ID, note, presage.CaseEvent{
		CaseID: caseID, At: d.Now(), Who: casework.ByCustomer, Reason: presage.Because(presage.WhyAskFirst),
	})
	if err != nil {
		return fmt.Errorf("note of visit %s: %w", f.Booking.ID, err)
	}
	return nil
}
