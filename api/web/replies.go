package web

import (
	"strings"

	"presage"
	"presage/internal/wording"
)

// why tells why something was done, in the reader's words.
func (p speaker) why(r presage.Reason, zone string) string {
	return p.site.wording.Why(p.lang, r, wording.Names{Catalogue: p.site.Catalogue, Zone: p.zone(zone)})
}

// meaning says how a customer's reply was understood.
func (p speaker) meaning(m string) string {
	if n, ok := strings.CutPrefix(m, "slot:"); ok {
		return p.text("meaning.slot", n)
	}
	return p.text("meaning." + m)
}

// bay keeps of a bay's key what is painted over its door: "sh1-bay-2" is "2".
func bay(id string) string {
	if _, name, ok := strings.Cut(id, "bay-"); ok && name != "" {
		return name
	}
	return id
}

// shortLink keeps a message readable: the signed link in it is cut after a few characters.
func shortLink(body, link string) string {
	const keep = 10
	i := strings.LastIndexByte(link, '/')
	if i < 0 || len(link) < i+1+keep {
		return body
	}
	short := strings.TrimPrefix(strings.TrimPrefix(link[:i+1+keep], "https://"), "http://")
	return strings.ReplaceAll(body, link, short+"…")
}
