//! What stops the reading of a file: where, what, and what to do about it.

use std::fmt;

use crate::model::lang::Lang;
use crate::model::worded::worded;

/// Where in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// A byte, from 0.
    Byte(u64),
    /// A feature or record, from 1.
    Record(u64),
}

impl Place {
    /// As it is printed; empty for the whole file.
    pub fn text(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Whole, _) => String::new(),
            (Self::Byte(n), Lang::En) => format!("byte {n}"),
            (Self::Byte(n), Lang::Zh) => format!("第{n}字节"),
            (Self::Record(n), Lang::En) => format!("record {n}"),
            (Self::Record(n), Lang::Zh) => format!("第{n}条记录"),
        }
    }
}

/// A file that could not be read, or not to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct FormatError {
    /// The file, or the one beside it that is to blame.
    pub file: String,
    /// Where in it.
    pub at: Place,
    /// What is wrong.
    pub fault: Fault,
}

impl FormatError {
    /// A fault of the file as a whole.
    pub(crate) fn whole(file: &str, fault: Fault) -> Self {
        Self { file: file.to_owned(), at: Place::Whole, fault }
    }

    /// A fault at a byte.
    pub(super) fn byte(file: &str, byte: usize, fault: Fault) -> Self {
        Self { file: file.to_owned(), at: Place::Byte(byte as u64), fault }
    }

    /// A fault of a record.
    pub(super) fn record(file: &str, record: u64, fault: Fault) -> Self {
        Self { file: file.to_owned(), at: Place::Record(record), fault }
    }

    /// `file, record 5: what is wrong; what to do`.
    pub fn line(&self, lang: Lang) -> String {
        let (comma, colon, then) = if lang == Lang::En { (", ", ": ", "; ") } else { ("，", "：", "；") };
        let at = self.at.text(lang);
        let comma = if at.is_empty() { "" } else { comma };
        let (message, remedy) = (self.fault.message(lang), self.fault.remedy(lang));
        format!("{}{comma}{at}{colon}{message}{then}{remedy}", self.file)
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(Lang::En))
    }
}

impl std::error::Error for FormatError {}

worded! {
    /// Every fault that stops a reading, with its message and remedy in both languages.
    pub enum Fault;
    Unreadable { reason: String }
        "cannot be read: {reason}" "无法读取：{reason}"
        => "check that the path is right and the file may be read" "请检查路径与读取权限";
    Unknown {}
        "is no vector file that is known" "不是已知的矢量文件"
        => "give a Shapefile, GeoPackage, FlatGeobuf, KML, KMZ or GeoJSON file"
           "请提供 Shapefile、GeoPackage、FlatGeobuf、KML、KMZ 或 GeoJSON 文件";
    GeoJson {}
        "is GeoJSON, which has a reader of its own" "是 GeoJSON，由专门的读取器处理"
        => "read it as GeoJSON" "请按 GeoJSON 读取";
    TooMuch { what: &'static str, limit: u64 }
        "has more {what} than the {limit} that are read" "超出上限（{what}，{limit}）"
        => "check that this is the right file, or split it" "请确认文件是否正确，或拆分后再用";
    CutShort { what: &'static str }
        "ends in the middle of {what}; it was cut short or is damaged" "在中途结束（{what}），文件不完整或已损坏"
        => "copy or export it again" "请重新复制或导出";
    Damaged { reason: String }
        "is damaged: {reason}" "已损坏：{reason}"
        => "copy or export it again" "请重新复制或导出";
    NestedTooDeep {}
        "is nested too deeply" "嵌套过深"
        => "check that this is the right file" "请确认文件是否正确";
    SidecarMissing { ending: &'static str }
        "the file with the ending .{ending} beside it is missing" "缺少同名的 .{ending} 文件"
        => "put it beside this file; a Shapefile needs .shp and .dbf, and .prj and .cpg if there are any"
           "请将其放在同一文件夹；Shapefile 须有 .shp 和 .dbf，如有 .prj、.cpg 也请一并提供";
    LayerMissing { layer: String, there: String }
        "there is no layer {layer}; there are {there}" "没有图层 {layer}；现有 {there}"
        => "name one of them" "请写明其中之一";
    LayersSeveral { there: String }
        "has several layers: {there}" "有多个图层：{there}"
        => "name the one that is meant" "请写明所用的图层";
    LayerNone {}
        "has no layer with geometry" "没有带图形的图层"
        => "check that this is the right file" "请确认文件是否正确";
    LayerForeign { layer: String }
        "the layer {layer} is no plain table (a view or virtual table is never run)"
        "图层 {layer} 不是普通表（不执行视图或虚拟表）"
        => "save it as a plain layer" "请另存为普通图层";
    Database { reason: String }
        "the database cannot be read: {reason}" "数据库无法读取：{reason}"
        => "save the layer again as a new GeoPackage" "请将图层重新另存为 GeoPackage";
    Journal {}
        "has changes in a journal beside it (-wal) that are not in the file" "旁边的日志文件（-wal）中有尚未写入的修改"
        => "close the program that has it open, or save it as a new GeoPackage" "请关闭正在使用它的软件，或另存为新的 GeoPackage";
    Markup { reason: String }
        "is not well-formed XML: {reason}" "XML 格式有误：{reason}"
        => "export it again" "请重新导出";
    Text { encoding: String }
        "is not {encoding} text" "不是 {encoding} 文本"
        => "export it again as UTF-8" "请以 UTF-8 重新导出";
    ArchiveKind { reason: String }
        "the archive cannot be read: {reason}" "压缩包无法读取：{reason}"
        => "unpack it, or pack it again as a plain zip file without a password" "请先解压，或重新压缩为无密码的 zip";
    ArchiveMany { there: String }
        "the archive holds several vector files: {there}" "压缩包中有多个矢量文件：{there}"
        => "name one as the layer, or unpack it" "请写明其中之一作为图层，或先解压";
    SystemUnsupported { name: String }
        "the coordinate system {name} is not supported; the way from it to CGCS2000 is not public"
        "不支持坐标系 {name}，其与 CGCS2000 的转换参数不公开"
        => "have it converted to CGCS2000 by the surveying office" "请由测绘部门转换为 CGCS2000 后再用";
    SystemUnknown { name: String }
        "the coordinate system {name} is not known" "未知的坐标系 {name}"
        => "name the system in the place file, or export in EPSG:4490" "请在地方文件中写明坐标系，或以 EPSG:4490 导出";
    FieldUnfit { name: String, reason: String }
        "the field {name} cannot be written: {reason}" "字段 {name} 无法写出：{reason}"
        => "rename or shorten it" "请改名或缩短";
    GeometryUnfit { reason: String }
        "cannot be written: {reason}" "无法写出：{reason}"
        => "give each layer one kind of geometry" "每个图层只能有一种图形";
}
