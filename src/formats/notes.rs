//! What is odd about a file that could be read all the same.

use crate::model::lang::Lang;
use crate::model::worded::worded;

worded! {
    /// Everything a reader has to say of a file it could read, in both languages.
    #[derive(Eq)]
    pub enum Note;
    ShapesAndRows { shapes: u64, rows: u64 }
        "there are {shapes} shapes, but {rows} rows in the table" "图形 {shapes} 个，属性表 {rows} 行，数目不一致";
    RowsDeleted { rows: u64 }
        "{rows} rows are marked as deleted and were left out" "有 {rows} 行带删除标记，未读取";
    RingsRewound { polygons: u64 }
        "{polygons} polygons have rings wound the wrong way; they were sorted by where they lie"
        "有 {polygons} 个面的环方向有误，已按位置重新归类";
    IndexUnused {}
        "the index (.shx) does not fit and was not used" "索引文件（.shx）不符，未使用";
    RowsClaimed { claimed: u64, there: u64 }
        "the table claims {claimed} rows and holds {there}" "属性表声称 {claimed} 行，实有 {there} 行";
    EncodingWrong { said: &'static str }
        "the table says it is {said} and is not; the encoding was judged from the text"
        "属性表标明编码为 {said}，但不符，已按文字推断";
    TextsCut { count: u64 }
        "{count} texts end in the middle of a character, which was dropped" "有 {count} 处文字在半个字处截断，残字已去掉";
    TextsReplaced { count: u64, encoding: &'static str }
        "{count} texts are not {encoding}; characters in them were replaced" "有 {count} 处文字不是 {encoding}，无法识别的字符已替换";
    BlobsLeft { count: u64 }
        "{count} values are raw bytes and were left out" "有 {count} 个二进制值未读取";
    FeaturesClaimed { claimed: u64, there: u64 }
        "the header claims {claimed} features and the file holds {there}" "文件头声称 {claimed} 个要素，实有 {there} 个";
    FromArchive { name: String }
        "read from {name} in the archive" "读自压缩包中的 {name}";
    LinksLeft { count: u64 }
        "{count} links to other files were not followed" "有 {count} 个外部链接未读取";
}
