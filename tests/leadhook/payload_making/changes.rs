//! `--set`, `--unset`, `--add`, `--merge`: a payload bent by hand.
