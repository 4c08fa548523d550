package config

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"presage"
)

// BrandOf are the names of outreach.brands by make, in small letters. ErrInvalid
// names the first that is none.
func (o Outreach) BrandOf() (map[string]presage.Text, error) {
	brands := map[string]presage.Text{}
	for _, row := range o.Brands {
		brand, names, ok := strings.Cut(row, "=")
		zh, en, two := strings.Cut(names, "|")
		if !two {
			en = zh
		}
		brand = strings.ToLower(strings.TrimSpace(brand))
		name := presage.Text{ZH: strings.TrimSpace(zh), EN: strings.TrimSpace(en)}
		_, twice := brands[brand]
		switch {
		case !ok || brand == "":
			return nil, fmt.Errorf("%w: %q: want MAKE=NAME, or MAKE=中文名|English name", presage.ErrInvalid, row)
		case twice:
			return nil, fmt.Errorf("%w: %q: duplicate make", presage.ErrInvalid, row)
		case !signs(name.ZH) || !signs(name.EN):
			return nil, fmt.Errorf("%w: %q: want names of 1-20 characters without 【】", presage.ErrInvalid, row)
		}
		brands[brand] = name
	}
	return brands, nil
}

// signs tells whether a name can sign a text.
func signs(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= 20 && !strings.ContainsAny(name, "【】\n\r")
}

// texts checks who signs texts, and that there is a folder of them where one is named.
func (v *check) texts() {
	o := v.e.Outreach
	v.require(signs(o.Brand), "outreach.brand",
		"%q: want 1-20 characters without 【】, the name that carriers know you by", o.Brand)
	if _, err := o.BrandOf(); err != nil {
		v.require(false, "outreach.brands", "%s", strings.TrimPrefix(err.Error(), presage.ErrInvalid.Error()+": "))
	}
	if o.Knowledge != "" {
		info, err := os.Stat(o.Knowledge)
		v.require(err == nil && info.IsDir(), "outreach.knowledge", "%q: no such folder", o.Knowledge)
	}
	if o.Templates != "" {
		info, err := os.Stat(o.Templates)
		v.require(err == nil && info.IsDir(), "outreach.templates", "%q: no such folder", o.Templates)
	}
}
