package web

import (
	"net/url"
	"strconv"

	"presage"
)

// mapURL is where a reader finds a place: a map that works where they are. The
// page itself asks no other host for anything. "" where nobody knows the place.
func (p speaker) mapURL(w presage.Workshop) string {
	if w.Place == nil {
		return ""
	}
	return p.placeURL(*w.Place, w.Name.In(p.lang))
}

// placeURL is a place on such a map, with its name.
func (p speaker) placeURL(at presage.Place, name string) string {
	lat, lon := degrees(at.Lat), degrees(at.Lon)
	q := url.Values{}
	if p.lang == presage.Chinese {
		q.Set("position", lon+","+lat)
		if name != "" {
			q.Set("name", name)
		}
		q.Set("coordinate", "wgs84")
		return "https://uri.amap.com/marker?" + q.Encode()
	}
	q.Set("mlat", lat)
	q.Set("mlon", lon)
	return "https://www.openstreetmap.org/?" + q.Encode() + "#map=16/" + lat + "/" + lon
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', 5, 64) }
