package web

import (
	"fmt"
	"net/url"
	"time"

	"presage"
)

// slotOf is the ID of the slot that a visit was sold as.
func slotOf(b presage.Booking) string { return fmt.Sprintf("%s@%d", b.Where(), b.Start.Unix()) }

// siteURL shows a technician on a map where a van shall come to: the address that the
// customer typed, else where the car stands.
func (p speaker) siteURL(s *presage.Site) string {
	if s == nil {
		return ""
	}
	if s.Address == "" || p.lang != presage.Chinese {
		return p.placeURL(s.Place, "")
	}
	q := url.Values{}
	q.Set("keyword", string(s.Address))
	q.Set("center", degrees(s.Place.Lon)+","+degrees(s.Place.Lat))
	return "https://uri.amap.com/search?" + q.Encode()
}

// leaves is when the van of a visit leaves the workshop, and back when it returns.
func leaves(b presage.Booking) time.Time { return b.Begins() }

func back(b presage.Booking) time.Time {
	sold := b.Sold()
	return sold[len(sold)-1].To
}
