package booking

import (
	"cmp"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"presage"
)

// Entry is what a customer's calendar should show.
type Entry struct {
	Booking  presage.Booking
	Zone     string // the workshop's, by its IANA name; unknown or "": times in UTC
	Title    string
	Location string
	Notes    string
	URL      string
	Stamp    time.Time // when the file is made
}

// Calendar writes an iCalendar file (RFC 5545) with one event in the workshop's
// time. A case's visit has one UID for life and a higher SEQUENCE after each
// change, so that importing a newer file moves the entry; a cancelled visit is
// published as cancelled, which takes it away.
func Calendar(e Entry) []byte {
	cal := ics.NewCalendarFor("Presage")
	ev := ics.NewEvent(cmp.Or(e.Booking.CaseID, e.Booking.ID) + "@presage")
	ev.SetSequence(e.Booking.Sequence)
	ev.SetDtStampTime(e.Stamp.UTC())
	ev.SetCreatedTime(e.Booking.CreatedAt.UTC())
	ev.SetModifiedAt(e.Booking.UpdatedAt.UTC())
	if zone, err := time.LoadLocation(e.Zone); err == nil && e.Zone != "" {
		addZone(cal, zone, e.Booking.Start, e.Booking.End)
		ev.SetProperty(ics.ComponentPropertyDtStart, clockTime(e.Booking.Start, zone), tzid(e.Booking.Start, zone)...)
		ev.SetProperty(ics.ComponentPropertyDtEnd, clockTime(e.Booking.End, zone), tzid(e.Booking.End, zone)...)
	} else {
		ev.SetStartAt(e.Booking.Start.UTC())
		ev.SetEndAt(e.Booking.End.UTC())
	}
	ev.SetSummary(line(e.Title))
	ev.SetLocation(line(e.Location))
	ev.SetDescription(lines(e.Notes))
	if e.URL != "" {
		ev.SetURL(e.URL)
	}
	if e.Booking.State == presage.BookingCancelled {
		cal.SetMethod(ics.MethodCancel)
		ev.SetStatus(ics.ObjectStatusCancelled)
	} else {
		cal.SetMethod(ics.MethodPublish)
		ev.SetStatus(ics.ObjectStatusConfirmed)
		for _, before := range []string{"-P1D", "-PT2H"} {
			alarm := ev.AddAlarm()
			alarm.SetAction(ics.ActionDisplay)
			alarm.SetTrigger(before)
			alarm.SetDescription(line(e.Title))
		}
	}
	cal.AddVEvent(ev)
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
