//! The video or audio file that a web page plays, and its URL as the page refers to it.

use std::fs;
use std::path::{Path, PathBuf};

use url::Url;

use super::destination::Destination;
use crate::error::Error;
use crate::files;

/// The file of `--media`, by its URL.
#[derive(Debug)]
pub(super) struct Media(Url);

impl Media {
    /// Finds the file. One that does not exist, or is a directory, is a usage error.
    pub(super) fn find(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        let not_found = |why: &str| Error::usage(format!("could not find --media {shown}: {why}"));
        let found = path
            .metadata()
            .map_err(|error| not_found(&error.to_string()))?;
        let (Some(name), false) = (path.file_name(), found.is_dir()) else {
            return Err(Error::usage(format!("--media {shown} is a directory"))
                .with_hint("name the video or audio file that the page plays"));
        };
        // A link keeps its name: the page then plays what it leads to.
        let path = real_directory(files::parent_dir(path)).join(name);
        let url = Url::from_file_path(path).map_err(|()| not_found("the path has no URL"))?;
        Ok(Self(url))
    }

    /// Returns the URL relative to a page (RFC 3986, §4.2). `None`, or what is no file, is a stream, whose
    /// page is taken to belong to the current directory.
    pub(super) fn url(&self, page: Option<&Path>) -> String {
        let is_file =
            |page: &&Path| matches!(Destination::resolve(page), Ok(Destination::File(..)));
        let directory = page
            .filter(is_file)
            .map_or(Path::new("."), files::parent_dir);
        let first = |url: &Url| Some(url.path_segments()?.next()?.to_owned());
        let relative = Url::from_directory_path(real_directory(directory))
            .ok()
            // No path leads to another drive of Windows.
            .filter(|base| !cfg!(windows) || first(base) == first(&self.0))
            .and_then(|base| base.make_relative(&self.0));
        match relative {
            // The part before a colon would be a scheme.
            Some(relative) if Url::parse(&relative).is_ok() => format!("./{relative}"),
            Some(relative) => relative,
            None => self.0.to_string(),
        }
    }
}

/// Returns a directory without links and `..`, even if the end of its path does not exist yet.
fn real_directory(path: &Path) -> PathBuf {
    let mut missing = Vec::new();
    for part in path.ancestors() {
        let existing = if part == Path::new("") {
            Path::new(".")
        } else {
            part
        };
        if let Ok(real) = fs::canonicalize(existing) {
            return missing
                .into_iter()
                .rev()
                .fold(real, |real, name| real.join(name));
        }
        missing.extend(part.file_name());
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    /// Returns the URL of a media file as a page refers to it, both in a directory of their own.
    fn url(media: &str, page: &str) -> String {
        let root = tempfile::tempdir().unwrap();
        let media = root.path().join(media);
        fs::create_dir_all(media.parent().unwrap()).unwrap();
        fs::write(&media, "").unwrap();
        let media = Media::find(&media).unwrap();
        media.url(Some(&root.path().join(page)))
    }

    #[test]
    fn url_is_relative_to_the_page() {
        for (media, page, wanted) in [
            ("talk.mp4", "talk.html", "talk.mp4"),
            ("talk.mp4", "new/pages/talk.html", "../../talk.mp4"),
            ("films/talk.mp4", "talk.html", "films/talk.mp4"),
            ("films/talk.mp4", "pages/talk.html", "../films/talk.mp4"),
            ("a b/50% #1.mp4", "p.html", "a%20b/50%25%20%231.mp4"),
            ("é視.mp4", "p.html", "%C3%A9%E8%A6%96.mp4"),
        ] {
            assert_eq!(url(media, page), wanted, "{media} {page}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn name_that_other_systems_forbid_is_encoded() {
        let wanted = "./a:b%3F&%22c%22%5C.mp4";
        assert_eq!(url("a:b?&\"c\"\\.mp4", "p.html"), wanted);
    }

    #[test]
    fn page_on_a_stream_belongs_to_the_current_directory() {
        let media = Media::find(Path::new("src/output/media.rs")).unwrap();
        let device = Path::new("/dev/null");
        let pages = [
            None,
            Some(Path::new("page.html")),
            Some(Path::new("./page.html")),
        ];
        for page in pages.into_iter().chain(cfg!(unix).then_some(Some(device))) {
            assert_eq!(media.url(page), "src/output/media.rs");
        }
    }

    #[cfg(unix)]
    #[test]
    fn media_on_another_disk_is_relative_too() {
        let media = Media::find(Path::new("/dev/null")).unwrap();
        let page = tempfile::tempdir().unwrap().path().join("p.html");
        let url = media.url(Some(&page));
        assert!(url.starts_with("../../"), "{url}");
        assert!(url.ends_with("/../dev/null"), "{url}");
    }

    #[cfg(unix)]
    #[test]
    fn linked_directory_is_followed_and_linked_file_keeps_its_name() {
        use std::os::unix::fs::symlink;

        let root = tempfile::tempdir().unwrap();
        let path = |name| root.path().join(name);
        fs::create_dir_all(path("disk/films")).unwrap();
        fs::create_dir_all(path("pages")).unwrap();
        fs::write(path("disk/films/1"), "").unwrap();
        symlink(path("disk/films"), path("films")).unwrap();
        symlink(path("disk/films/1"), path("talk.mp4")).unwrap();
        let url = |media| {
            Media::find(&path(media))
                .unwrap()
                .url(Some(&path("pages/p.html")))
        };
        assert_eq!(url("films/1"), "../disk/films/1");
        assert_eq!(url("films/../films/1"), "../disk/films/1");
        assert_eq!(url("talk.mp4"), "../talk.mp4");
    }

    #[test]
    fn what_is_no_file_is_a_usage_error() {
        for path in ["no/such.mp4", "src", "src/..", ""] {
            let error = Media::find(Path::new(path)).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Usage, "{path}");
        }
    }
}
