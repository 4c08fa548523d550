package app

import (
	"unicode/utf8"

	"presage"
	"presage/internal/wording"
	"presage/outreach"
)

// openTexts says who signs messages, and reads the operator's texts: with a
// fault in one of them the service does not start.
func (a *App) openTexts(c *outreach.Config) (*wording.Texts, error) {
	o := a.cfg.Outreach
	c.Sender = presage.Text{ZH: o.Brand, EN: o.Brand}
	var err error
	if c.Brands, err = o.BrandOf(); err != nil {
		return nil, err
	}
	longest := c.Sender
	for _, b := range c.Brands {
		longest = presage.Text{ZH: longer(longest.ZH, b.ZH), EN: longer(longest.EN, b.EN)}
	}
	return wording.OpenTexts(o.Templates, a.Catalogue, longest)
}

func longer(a, b string) string {
	if utf8.RuneCountInString(b) > utf8.RuneCountInString(a) {
		return b
	}
	return a
}
