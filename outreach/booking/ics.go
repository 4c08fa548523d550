package booking

import (
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"presage"
)

// Entry is what a customer's calendar should show.
type Entry struct {
	Booking  presage.Booking
	Title    string
	Location string
	Notes    string
	URL      string
	Stamp    time.Time // when the file is made
}

// Calendar writes an iCalendar file (RFC 5545) with one event in UTC. A
// cancelled booking is published as cancelled, so that importing it again
// takes the event away.
func Calendar(e Entry) []byte {
	cal := ics.NewCalendarFor("Presage")
	status := ics.ObjectStatusConfirmed
	cal.SetMethod(ics.MethodPublish)
	if e.Booking.State == presage.BookingCancelled {
		cal.SetMethod(ics.MethodCancel)
		status = ics.ObjectStatusCancelled
	}
	ev := cal.AddEvent(e.Booking.ID + "@presage")
	ev.SetDtStampTime(e.Stamp.UTC())
	ev.SetCreatedTime(e.Booking.CreatedAt.UTC())
	ev.SetModifiedAt(e.Booking.UpdatedAt.UTC())
	ev.SetStartAt(e.Booking.Start.UTC())
	ev.SetEndAt(e.Booking.End.UTC())
	ev.SetSummary(line(e.Title))
	ev.SetLocation(line(e.Location))
	ev.SetDescription(lines(e.Notes))
	if e.URL != "" {
		ev.SetURL(e.URL)
	}
	ev.SetStatus(status)
	return []byte(cal.Serialize(ics.WithNewLineWindows))
}

// line makes names from outside one line: readers that take a bare carriage
// return or a line separator for a line end would see properties that nobody meant.
func line(s string) string { return strings.Join(strings.FieldsFunc(s, breaks), " ") }

// lines keeps the line ends, which the calendar writes as \n.
func lines(s string) string {
	all := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\n")
	for i := range all {
		all[i] = line(all[i])
	}
	return strings.Join(all, "\n")
}

func breaks(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) }
