package web

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"presage"
)

// choice is one place in the order of a customer's channels, from 1.
type choice struct {
	Place  int
	Chosen presage.ChannelName // "" for none
	All    []presage.ChannelName
}

func choices(preferred []presage.ChannelName) []choice {
	all := presage.Preferable()
	list := make([]choice, len(all))
	for i := range list {
		list[i] = choice{Place: i + 1, All: all}
		if i < len(preferred) {
			list[i].Chosen = preferred[i]
		}
	}
	return list
}

// putPreferred changes the channels that a customer wants, as they told a person. The
// person's name stays in the history.
func putPreferred(r *request) error {
	id := r.Param("id")
	var names []presage.ChannelName
	for _, text := range r.PostFormArray("channel") {
		if name := presage.ChannelName(strings.TrimSpace(text)); name != "" {
			names = append(names, name)
		}
	}
	who, note := strings.TrimSpace(r.PostForm("who")), strings.TrimSpace(r.PostForm("note"))
	faults := presage.CheckPreferred(names)
	if who == "" {
		faults = append(faults, fmt.Errorf("who: %w: want the name of who changes it", presage.ErrInvalid))
	}
	faults = append(faults, plainField("who", who, 100), plainField("note", note, 200))
	seen, err := time.Parse(time.RFC3339Nano, r.PostForm("seen"))
	if err != nil {
		faults = append(faults, fmt.Errorf("seen: %w: want the time of the consent that the page showed", presage.ErrInvalid))
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	c, err := r.site.Customers.Customer(r.Request.Context(), id)
	if err != nil {
		return err
	}
	address := "/customers/" + url.PathEscape(id)
	r.remember(who)
	if slices.Equal(c.Consent.Preferred, names) {
		return r.redirect(address + "?notice=preferred")
	}
	evidence := who
	if note != "" {
		evidence += ": " + note
	}
	err = r.site.Customers.ChangeConsent(r.Request.Context(), id, presage.ConsentStep{
		Preferred: &names, Seen: &seen, At: r.site.Now(), Source: presage.AdviserSource, Evidence: evidence,
	})
	if errors.Is(err, presage.ErrStale) {
		return r.redirect(address + "?notice=preferred_changed")
	}
	if err != nil {
		return err
	}
	return r.redirect(address + "?notice=preferred")
}

// plainField checks a text that a person wrote.
func plainField(name, text string, most int) error {
	if err := presage.CheckPlain(text, most); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
