package web

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

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
	who, errWho := r.author()
	note := r.posted("note")
	faults := append(presage.CheckPreferred(names), errWho, plainField("note", note, 200))
	seen := r.seenAt()
	if seen == nil {
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
		Preferred: &names, Seen: seen, At: r.site.Now(), Source: presage.AdviserSource, Evidence: evidence,
	})
	if errors.Is(err, presage.ErrStale) {
		return r.redirect(address + "?notice=preferred_changed")
	}
	if err != nil {
		return err
	}
	return r.redirect(address + "?notice=preferred")
}

// author is the name of who sends a form; ErrInvalid for none.
func (r *request) author() (string, error) {
	who := r.posted("who")
	if who == "" {
		return "", fmt.Errorf("who: %w: want the name of who changes it", presage.ErrInvalid)
	}
	return who, plainField("who", who, mostWho)
}

// plainField checks a text that a person wrote.
func plainField(name, text string, most int) error {
	if err := presage.CheckPlain(text, most); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
